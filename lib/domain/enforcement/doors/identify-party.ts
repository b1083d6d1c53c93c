import type { PlannedParty } from '../../agreement/plan/plan';
import { namePartyRole, PARTY_ROLE } from '../../room/room-names';

/** Whose principal signed a request, as IAM tells it. */
export interface Caller {
  /** 12 digits. */
  readonly account: string | undefined;
  /** Of the session or the user, e.g. `arn:aws:sts::999900001111:assumed-role/barter-party-swap.telco/nightly`. */
  readonly arn: string | undefined;
}

/**
 * The party of an agreement that asks. A partner comes in by the role of the room that its account alone may assume, and is
 * known by the role's name; the party in whose account the room stands, by the account. Undefined for anybody else.
 * @param roomAccount 12 digits: where those roles are.
 */
export function identifyParty(
  { account, arn = '' }: Caller,
  agreement: string,
  parties: readonly PlannedParty[],
  roomAccount: string,
): string | undefined {
  if (account === undefined || !/^\d{12}$/.test(account)) return undefined;
  const role = new RegExp(`^arn:[a-z-]+:sts::${account}:assumed-role/([\\w+=,.@-]+)/`).exec(arn)?.[1];
  if (account === roomAccount && role?.startsWith(PARTY_ROLE) === true)
    return parties.find(({ id }) => namePartyRole(agreement, id) === role)?.id;
  return parties.find((party) => party.account === account)?.id;
}
