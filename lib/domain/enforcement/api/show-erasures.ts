import { listUnconfirmed, nameTold, type Released } from '../../exchange/erasure/plan-erasure';
import { hasLeftEscrow } from '../../exchange/rounds/has-left-escrow';
import type { ErasureRecord } from '../../registry/conduct-records';

/** Who has nothing of a person, by legs of its own, is told nothing of the person's erasure. */
export function hideFromOthers(
  erasures: readonly ErasureRecord[],
  readable: ReadonlySet<string>,
): readonly ErasureRecord[] {
  const isTold = ({ leg, releases }: ErasureRecord['receivers'][number]) => releases.length > 0 || !readable.has(leg);
  return erasures.map((erasure) => ({ ...erasure, receivers: erasure.receivers.filter(isTold) }));
}

/**
 * Erasures of these legs, as one is told of them who reads the tokens of those that are `readable`: a token is its receiver's
 * alone, and so is the name of the erasure; of the request the day alone is told. The digest nobody is told.
 */
export function showErasures(
  erasures: readonly ErasureRecord[],
  { legs, readable }: { readonly legs: ReadonlySet<string>; readonly readable: ReadonlySet<string> },
  conduct: Released,
  now: string,
) {
  const open = listUnconfirmed(erasures, conduct, now);
  return erasures.flatMap(({ id, dataset, requestedAt: at, deadline, receivers }) => {
    const requestedAt = `${at.slice(0, 10)}T00:00:00Z`;
    return receivers
      .filter(({ leg }) => legs.has(leg))
      .map((receiver) => {
        const { leg, party, tokens, releases, confirmations } = receiver;
        const erasure = nameTold({ id }, receiver);
        const confirmedAt = confirmations.at(-1)?.at;
        const rest = open.find((each) => each.erasure === erasure && each.leg === leg);
        const unconfirmed = rest?.releases ?? [];
        const out = releases.filter((day) =>
          conduct.releases.some((each) => each.leg === leg && each.round === day && hasLeftEscrow(each)),
        );
        const shown = readable.has(leg) ? tokens : [];
        const common = { erasure, dataset, requestedAt, leg, party, tokens: shown, releases: out, unconfirmed };
        return {
          ...common,
          deadline: rest?.deadline ?? deadline,
          ...(confirmedAt === undefined ? {} : { confirmedAt }),
        };
      });
  });
}
