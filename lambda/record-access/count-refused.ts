import type { Access } from '../../lib/domain/audit/access';
import { describeStranger } from '../../lib/domain/enforcement/policies/describe-refusal';
import type { Registry } from '../../lib/domain/registry/registry';
import type { RecordAtDoor } from '../shared/record-at-door';

/** Counts a refused request of somebody who is nobody here; false, and nothing counted, where it is a party's or the room's. */
export type CountRefused = (access: Access) => Promise<boolean>;

/**
 * Anybody can ask a bucket for an object, and be refused: without an account even, from anywhere, as often as he likes. Such
 * requests are counted by day and network, as who knocks at a door is; the trail has each of them. What parties were refused is
 * entered.
 * @param listAccounts accounts of all parties
 */
export function openRefusedCounter(
  registry: Registry,
  record: RecordAtDoor,
  listAccounts: () => Promise<ReadonlySet<string>>,
): CountRefused {
  return async ({ id, at, outcome, actor, owner, recordedBy, client }) => {
    if (outcome !== 'denied') return false;
    // Roles of SFTP users and AWS itself are no strangers' doing.
    if (actor.kind === 'sftp-user' || actor.kind === 'aws-service') return false;
    const account = actor.kind === 'account' ? actor.account : undefined;
    if (account !== undefined) {
      if (account === owner || account === recordedBy || (await listAccounts()).has(account)) return false;
    }
    await record(registry, describeStranger({ id, reason: 'request-denied' }, at), client?.ip ?? account ?? 'none');
    return true;
  };
}
