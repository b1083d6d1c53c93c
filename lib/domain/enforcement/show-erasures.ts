import type { Conduct } from '../exchange/conduct';
import { hasLeftEscrow } from '../exchange/has-left-escrow';
import { listUnconfirmed } from '../exchange/plan-erasure';
import type { ErasureRecord } from './registry/conduct-records';

/**
 * Erasures of these legs, as one is told of them who reads the tokens of those that are `readable`: a token is its receiver's
 * alone. The digest nobody is told.
 */
export function showErasures(
  erasures: readonly ErasureRecord[],
  { legs, readable }: { readonly legs: ReadonlySet<string>; readonly readable: ReadonlySet<string> },
  conduct: Pick<Conduct, 'releases'>,
  now: string,
) {
  const open = listUnconfirmed(erasures, conduct, now);
  return erasures.flatMap(({ id, dataset, requestedAt, deadline, receivers }) =>
    receivers
      .filter(({ leg }) => legs.has(leg))
      .map(({ leg, party, tokens, releases, confirmations }) => {
        const confirmedAt = confirmations.at(-1)?.at;
        const rest = open.find((each) => each.erasure === id && each.leg === leg);
        const unconfirmed = rest?.releases ?? [];
        const out = releases.filter((day) =>
          conduct.releases.some((each) => each.leg === leg && each.round === day && hasLeftEscrow(each)),
        );
        const shown = readable.has(leg) ? tokens : [];
        const common = { erasure: id, dataset, requestedAt, leg, party, tokens: shown, releases: out, unconfirmed };
        return {
          ...common,
          deadline: rest?.deadline ?? deadline,
          ...(confirmedAt === undefined ? {} : { confirmedAt }),
        };
      }),
  );
}
