import {
  authorizeSftp,
  readSftpKnock,
  type SftpDecision,
  type SftpRequest,
  type SftpSession,
} from '../../lib/domain/enforcement/doors/authorize-sftp';
import type { SftpBuckets } from '../../lib/domain/enforcement/doors/sftp-session';
import { describeStranger } from '../../lib/domain/enforcement/policies/describe-refusal';
import { readConduct } from '../../lib/domain/registry/read-conduct';
import type { Registry } from '../../lib/domain/registry/registry';
import type { RememberedPolicies } from '../../lib/policy/remember-policies';
import type { Log } from '../shared/log';
import type { RecordAtDoor } from '../shared/record-at-door';

interface SftpSurroundings {
  readonly registry: Registry;
  readonly record: RecordAtDoor;
  readonly policiesOf: RememberedPolicies;
  readonly buckets: SftpBuckets;
  readonly newId: () => string;
  readonly now: () => Date;
  readonly log: Log;
}

/**
 * Transfer Family's answer: a session, or nothing, which denies. The decision is on record before it is answered; what cannot
 * be found out, or not be recorded, denies too, and is logged.
 */
export async function answerSftp(
  request: SftpRequest,
  surroundings: SftpSurroundings,
): Promise<SftpSession | Record<string, never>> {
  const { registry, record, log } = surroundings;
  // Whoever knocks chooses these two; a log line is no place for more of it than can be a name or an address.
  const caller = { username: request.username.slice(0, 100), sourceIp: request.sourceIp.slice(0, 45) };
  try {
    const { decision, session } = await decideSftp(request, surroundings);
    await record(registry, decision, request.sourceIp);
    const { effect, reason, clause } = decision;
    log[effect === 'permit' ? 'info' : 'warn']('SFTP decided', { effect, reason, clause, ...caller });
    return session ?? {};
  } catch (error) {
    const reason = error instanceof Error ? error.name : 'unknown';
    log.error('SFTP denied: it could not be decided and recorded', { reason, ...caller });
    return {};
  }
}

async function decideSftp(
  request: SftpRequest,
  { registry, policiesOf, buckets, newId, now }: SftpSurroundings,
): Promise<SftpDecision> {
  const id = newId();
  const at = now().toISOString();
  const stranger = (reason: string) => ({
    decision: describeStranger({ id, operation: 'connect-sftp', reason }, at),
  });
  const knock = readSftpKnock(request);
  if (knock.kind === 'refused') return stranger(knock.reason);
  const on = await readConduct(registry, knock.agreement);
  if (on === undefined) return stranger('unknown-agreement');
  const { party } = knock;
  if (!on.plan.parties.some(({ id: known }) => known === party)) return stranger('unknown-party');
  return authorizeSftp({ party, sourceIp: request.sourceIp }, on, { ...policiesOf(on.plan), buckets, id, now: at });
}
