import { readPlans } from '../../lib/domain/registry/read-plans';
import { unlessUnreadable } from '../../lib/domain/registry/record-unreadable';
import type { Registry } from '../../lib/domain/registry/registry';

/** Accounts of the parties of every agreement on record, in all of its versions; read again after a while. */
export function rememberAccounts(registry: Registry, now: () => number): () => Promise<ReadonlySet<string>> {
  let known: { readonly since: number; readonly accounts: ReadonlySet<string> } | undefined;
  return async () => {
    if (known !== undefined && Math.abs(now() - known.since) < KEPT) return known.accounts;
    const plans = await Promise.all(
      (await registry.listAgreements()).map((agreement) => unlessUnreadable(readPlans(registry, agreement))),
    );
    const accounts = new Set(
      plans.flatMap((each) => each ?? []).flatMap(({ parties }) => parties.map(({ account }) => account)),
    );
    known = { since: now(), accounts };
    return accounts;
  };
}

/** Milliseconds. */
const KEPT = 5 * 60 * 1000;
