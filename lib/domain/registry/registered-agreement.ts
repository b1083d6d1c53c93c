import type { AgreementState, Transition } from '../agreement/lifecycle';
import type { SidePlan } from '../agreement/plan/plan-for-side';
import type { Ending } from './agreement-records';

/** What an agreement's stack made, for those who work with it. */
export interface Provisioned {
  /** The version that the stack was drawn from; absent on one machine. */
  readonly version?: number;
  /** By party: ARN of the role with which its SFTP uploads are written; a party that gives nothing here has none. */
  readonly sftpRoles: Readonly<Record<string, string>>;
  /** Id of the SFTP server that assumes these roles; absent where the room has none. */
  readonly sftpServer?: string;
  /** By whose sessions a party comes by SFTP: as it is made now, and as it was made before. */
  readonly sftpSessions?: readonly SftpSessions[];
  /** By leg: id of its Data Exchange data set; a leg delivered another way has none. Also of legs that were left out since. */
  readonly dataSets: Readonly<Record<string, string>>;
  /** By leg: ARN of the key that makes its secrets. Also of legs that were left out since. */
  readonly legKeys: Readonly<Record<string, string>>;
  /** ARNs of keys that legs had before. */
  readonly formerKeys?: readonly string[];
  /** ARN of the topic by which its parties' contacts are written to. */
  readonly letters?: string;
}

/** Sessions that a server opens for a party: which server, and in which role. */
export interface SftpSessions {
  readonly party: string;
  /** ARN. */
  readonly role: string;
  /** `s-` and 17 hexadecimal digits. */
  readonly server: string;
}

/** What the room has on record of an agreement: the version in force, and what was provisioned for it. */
export interface RegisteredAgreement {
  readonly plan: SidePlan;
  /** SHA-256 of the plan's canonical JSON (RFC 8785), hexadecimal. */
  readonly hash: string;
  /** `removed`: its stack is gone. Records are never deleted. */
  readonly state: AgreementState | 'removed';
  readonly provisioned: Provisioned;
  /** The last day on which anything is granted: see `lastDayOf`. ISO date, UTC. */
  readonly lastDay: string;
}

/** What ends an agreement before its term does. */
export interface EarlyEnd {
  /** Notice that was given. */
  readonly ending?: Pick<Ending, 'lastDay'>;
  /** The step that ended it. */
  readonly ended?: Pick<Transition, 'at'>;
}

/**
 * The last day on which anything is granted: of the term, of a notice that was given, or the day on which a remedy ended it,
 * whichever was first. ISO date, UTC.
 */
export function lastDayOf({ term }: Pick<SidePlan, 'term'>, { ending, ended }: EarlyEnd): string {
  const early = [ending?.lastDay, ended?.at.slice(0, 10)].flatMap((day) => day ?? []);
  return early.filter((day) => day < term.ends).sort()[0] ?? term.ends;
}
