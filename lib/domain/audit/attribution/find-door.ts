import type { Access } from '../access';
import type { Crossing } from '../records/join-accesses';
import type { AgreementInForce, Door } from './agreement-in-force';
import type { Attribution } from './attribution';

/**
 * The sign-in of a party at its own door: somebody whom a role of the room trusts, as an agreement says, assumed it. Who
 * assumes any other role, or this one without being who it is for, is not explained by that.
 *
 * A door is there before its version is in force, so that the party can sign, and after it, so that it can attest; it is shut
 * when a later version is in force that has it no more.
 */
export function findDoor(
  access: Access,
  crossing: Crossing,
  agreements: readonly AgreementInForce[],
  roomAccounts: ReadonlySet<string>,
): Attribution | undefined {
  if (access.service !== 'sts' || access.act !== 'vend' || access.resource.kind !== 'other') return undefined;
  const [, account = '', role] = /^arn:[\w-]+:iam::(\d{12}):role\/([^/]+)$/.exec(access.resource.id) ?? [];
  if (role === undefined || !roomAccounts.has(account)) return undefined;
  const found = agreements.flatMap((version) => {
    const door = version.doors.find((each) => each.role === role && isOpenTo(each, access, crossing));
    return door === undefined || isReplaced(version, agreements, access.at) ? [] : [{ version, door }];
  });
  // Of versions that both have it, the one that holds then.
  const held = found.filter(({ version }) => Date.parse(version.from) <= Date.parse(access.at));
  const match = held.at(-1) ?? found[0];
  if (match === undefined) return undefined;
  const { id, version } = match.version.plan.agreement;
  return { kind: 'own-door', party: match.door.party, agreement: { id, version } };
}

function isOpenTo({ opensTo }: Door, { actor }: Access, crossing: Crossing): boolean {
  switch (opensTo.kind) {
    case 'account':
      return crossing.kind === 'other-account' && crossing.account === opensTo.account;
    case 'web-identity': {
      const { provider, subject } = opensTo;
      return actor.kind === 'web-identity' && actor.provider === provider && actor.subject === subject;
    }
  }
}

/** Whether a later version of the same agreement is in force by then. */
function isReplaced({ plan }: AgreementInForce, agreements: readonly AgreementInForce[], at: string): boolean {
  const { id, version } = plan.agreement;
  return agreements.some(
    ({ plan: { agreement: other }, from }) =>
      other.id === id && other.version > version && Date.parse(from) <= Date.parse(at),
  );
}
