import type { Access } from '../../audit/access';
import type { DecisionRecord } from '../../registry/door-records';
import type { AgreementOnRecord } from '../../registry/read-conduct';
import { readSftpUser } from '../../room/sftp-user';
import { type DecisionContext, decide, NOTHING_USED } from '../policies/decide';
import { describeRefusal } from '../policies/describe-refusal';
import type { PolicyEngine } from '../policies/policy-engine';

/** Somebody whom the SFTP server did not let in, by a name that a party signs in with. */
interface RefusedKey {
  readonly id: string;
  readonly agreement: string;
  readonly party: string;
  readonly ip: string;
  /** UTC, ISO 8601. */
  readonly at: string;
}

/** Undefined for a line of the server's log that tells of something else, or of a name that can be no party's. */
export function readRefusedKey({ id, operation, actor, client, at }: Access): RefusedKey | undefined {
  if (operation !== 'AUTH_FAILURE' || actor.kind !== 'sftp-user') return undefined;
  const user = readSftpUser(actor.user);
  const line = /^transfer-log\/([\w-]{1,100})$/.exec(id)?.[1];
  if (user === undefined || line === undefined) return undefined;
  return { id: `refused-key:${line}`, ...user, ip: client?.ip ?? '', at };
}

/**
 * The refusal of a key by the server itself, which checks it after the room has permitted. Undefined where the room did not:
 * then its own refusal is on record.
 */
export function judgeRefusedKey(
  { id, party, ip, at }: RefusedKey,
  { plan, conduct }: AgreementOnRecord,
  { policies, engine }: Pick<DecisionContext, 'policies'> & { readonly engine: PolicyEngine },
): DecisionRecord | undefined {
  if (!plan.parties.some((each) => each.id === party)) return undefined;
  const context = { plan, policies, conduct, used: NOTHING_USED, now: at };
  const decision = decide({ id, operation: 'connect-sftp', party, operands: { ip } }, context, engine);
  if (decision.effect === 'forbid') return undefined;
  return describeRefusal(decision, 'wrong-key', `parties.${party}.sftp.publicKeys`);
}
