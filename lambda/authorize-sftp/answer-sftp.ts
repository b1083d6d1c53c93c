import { authoriseSftp, type SftpRequest, type SftpSession } from '../../lib/domain/enforcement/authorise-sftp';
import type { RegisteredAgreement } from '../../lib/domain/enforcement/registered-agreement';
import type { SftpBuckets } from '../../lib/domain/enforcement/sftp-session';
import { readSftpUser } from '../../lib/domain/enforcement/sftp-user';
import type { Log } from '../log';

export interface SftpSurroundings {
  readonly findAgreement: (agreement: string) => Promise<RegisteredAgreement | undefined>;
  readonly buckets: SftpBuckets;
  readonly now: () => Date;
  readonly log: Log;
}

/** Transfer Family's answer: a session, or nothing, which denies. What cannot be found out denies too, and is logged. */
export async function answerSftp(
  request: SftpRequest,
  { findAgreement, buckets, now, log }: SftpSurroundings,
): Promise<SftpSession | Record<string, never>> {
  // Whoever knocks chooses these two; a log line is no place for more of it than can be a name or an address.
  const caller = { username: request.username.slice(0, 100), sourceIp: request.sourceIp.slice(0, 45) };
  try {
    const user = readSftpUser(request.username);
    const registered = user === undefined ? undefined : await findAgreement(user.agreement);
    const decision = authoriseSftp(request, registered, buckets, now().toISOString().slice(0, 10));
    if (decision.kind === 'deny') {
      log.warn('SFTP denied', { reason: decision.reason, ...caller });
      return {};
    }
    const { agreement, party, session } = decision;
    log.info('SFTP permitted', { agreement, party, ...caller });
    return session;
  } catch (error) {
    const reason = error instanceof Error ? error.name : 'unknown';
    log.error('SFTP denied: the registry could not be read', { reason, ...caller });
    return {};
  }
}
