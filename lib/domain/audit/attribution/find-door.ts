import type { AgreementInForce, Door, ProposedVersion } from '../../agreement/agreement-in-force';
import type { Access } from '../access';
import type { Crossing } from '../records/join-accesses';
import type { Attribution } from './attribution';

/**
 * What a party did at its own door: somebody whom a role of the room trusts, as an agreement says, assumed it, or fetched with
 * it what lies in the party's outbox. Who assumes any other role, or this one without being who it is for, is not explained by
 * that.
 *
 * A door is there before its version is in force, so that the party can sign, and after it, so that it can attest; it is shut
 * when a later version is in force that has it no more.
 * @param role of the session that did it, where it is one of a party's role
 * @param assumed the role of the room that was assumed: `readAssumed`
 */
export function findDoor(
  access: Access,
  crossing: Crossing,
  role: string | undefined,
  assumed: string | undefined,
  agreements: readonly AgreementInForce[],
  proposed: readonly ProposedVersion[],
): Attribution | undefined {
  if (assumed === undefined && role === undefined) return undefined;
  const isOwn = (door: Door) =>
    (door.role === assumed && isOpenTo(door, access, crossing)) || (door.role === role && isInOutbox(door, access));
  const found = [...agreements, ...proposed].flatMap((version): readonly { version: DoorVersion; door: Door }[] => {
    const door = version.doors.find(isOwn);
    return door === undefined || isReplaced(version, agreements, access.at) ? [] : [{ version, door }];
  });
  // Of versions that both have it, the one that holds then.
  const held = found.filter(({ version }) => Date.parse(version.from ?? '') <= Date.parse(access.at));
  const match = held.at(-1) ?? found[0];
  if (match === undefined) return undefined;
  const { id, version } = match.version.plan.agreement;
  return { kind: 'own-door', party: match.door.party, agreement: { id, version } };
}

/** Without `from`: not in force. */
type DoorVersion = ProposedVersion & Partial<Pick<AgreementInForce, 'from'>>;

/** Name of the role of the room that was assumed. */
export function readAssumed({ service, act, resource }: Access, roomAccounts: ReadonlySet<string>): string | undefined {
  if (service !== 'sts' || act !== 'vend' || resource.kind !== 'other') return undefined;
  const [, account = '', role] = /^arn:[\w-]+:iam::(\d{12}):role\/([^/]+)$/.exec(resource.id) ?? [];
  return roomAccounts.has(account) ? role : undefined;
}

/** With a bucket's key, KMS sees the bucket alone: nothing else there is this role's. */
function isInOutbox({ outbox }: Door, { resource, joins }: Access): boolean {
  if (outbox === undefined) return false;
  const { bucket, prefix } = outbox;
  if (resource.kind === 'object') return resource.bucket === bucket && resource.key?.startsWith(prefix) === true;
  const decrypted = joins.object?.replace(/^arn:[\w-]+:s3:::/, '');
  return decrypted === bucket || decrypted?.startsWith(`${bucket}/${prefix}`) === true;
}

function isOpenTo({ opensTo }: Door, { actor }: Access, crossing: Crossing): boolean {
  switch (opensTo.kind) {
    // A party in whose account the room stands comes in from there.
    case 'account':
      return (crossing.kind === 'other-account' || crossing.kind === 'own') && crossing.account === opensTo.account;
    case 'web-identity': {
      const { provider, subject } = opensTo;
      return actor.kind === 'web-identity' && actor.provider === provider && actor.subject === subject;
    }
  }
}

/** Whether a later version of the same agreement is in force by then. */
function isReplaced({ plan }: DoorVersion, agreements: readonly AgreementInForce[], at: string): boolean {
  const { id, version } = plan.agreement;
  return agreements.some(
    ({ plan: { agreement: other }, from }) =>
      other.id === id && other.version > version && Date.parse(from) <= Date.parse(at),
  );
}
