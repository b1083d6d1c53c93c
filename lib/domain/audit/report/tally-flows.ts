import type { AccountFlow } from './audit-report';
import type { ReportedAccess } from './reported-access';
import { MAX_NAMES, type Mutable } from './tally';

/** Sums what went from account to account. */
export function tallyFlows() {
  const flows = new Map<string, Mutable<AccountFlow>>();

  function add({ owner, actor: { account }, act, bytes, outcome }: ReportedAccess): void {
    if (outcome !== 'allowed' || (owner === undefined && account === undefined)) return;
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
