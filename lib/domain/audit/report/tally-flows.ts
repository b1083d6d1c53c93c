import { hasMoved } from '../access';
import type { AccountFlow } from './access-summary';
import type { ReportedAccess } from './reported-access';
import { MAX_NAMES, type Mutable } from './tally';

/** Whose accounts flows go from and to. */
export interface FlowAccounts {
  readonly room: ReadonlySet<string>;
  /** By party. */
  readonly parties: ReadonlyMap<string, string>;
}

/** Sums what went from account to account, of accesses by which data move. */
export function tallyFlows(accounts: FlowAccounts) {
  const flows = new Map<string, Mutable<AccountFlow>>();

  function add(access: ReportedAccess): void {
    if (!movesData(access)) return;
    const { act, bytes } = access;
    const [owner, account] = [findOwner(access, accounts), findAccount(access, accounts)];
    if (owner === undefined && account === undefined) return;
    // What is written goes to the account that it then belongs to.
    const [giver, taker] = act === 'write' ? [account, owner] : [owner, account];
    const named = `${giver ?? ''} ${taker ?? ''}`;
    const key = flows.has(named) || flows.size < MAX_NAMES ? named : '';
    const ends =
      key === ''
        ? {}
        : { ...(giver === undefined ? {} : { from: giver }), ...(taker === undefined ? {} : { to: taker }) };
    const entry = flows.get(key) ?? { ...ends, accesses: 0, bytes: 0 };
    entry.accesses += 1;
    entry.bytes += (act === 'write' ? bytes?.in : bytes?.out) ?? 0;
    flows.set(key, entry);
  }

  return {
    add,
    list: () =>
      [...flows.values()].toSorted((left, right) => right.bytes - left.bytes || right.accesses - left.accesses),
  };
}

/**
 * Nothing of what lies there moves by signing in, listing or deleting, nor by the use of a key. What a query is given, it reads:
 * those reads are accesses of their own.
 */
function movesData(access: ReportedAccess): boolean {
  const { explained, act } = access;
  const isQuery = explained.kind === 'attributed' && explained.joins.leg === 'query';
  return hasMoved(access) && !isQuery && (act === 'read' || act === 'export' || act === 'write');
}

/**
 * Whoever sent or got it. By the room's own doors (a role of the room, SFTP, a link) records name the room's account, or none: what a
 * party does there is from or to its own.
 */
function findAccount({ explained, actor: { account } }: ReportedAccess, { room, parties }: FlowAccounts) {
  if (explained.kind !== 'attributed' && explained.kind !== 'own-door') return account;
  return account === undefined || room.has(account) ? (parties.get(explained.party) ?? account) : account;
}

/** Whose data it is: a leg's are the room's, also where a record (a receiver's own, S3's) does not tell it. */
function findOwner({ explained, owner }: ReportedAccess, { room }: FlowAccounts): string | undefined {
  const [only, ...others] = room;
  return owner ?? (explained.kind === 'attributed' && others.length === 0 ? only : undefined);
}
