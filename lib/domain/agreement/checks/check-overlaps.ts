import type { Agreement } from '../schema/agreement';
import { type Remark, warningAt } from '../yaml/remark';
import { nameLeg } from './check-legs';

/** What one leg says of people. */
interface Told {
  readonly agreement: Agreement;
  /** Place of the leg in its agreement. */
  readonly at: number;
  readonly leg: Agreement['legs'][number];
  readonly subject: string;
  readonly quasi: ReadonlySet<string>;
}

/**
 * Two datasets of the same people that one receiver gets from one giver: each has levels of its own, so that laid side by
 * side they can tell smaller groups than either. Parties of two agreements are the same where their account is. One remark
 * at the later leg of each two.
 */
export function checkOverlaps(
  agreements: readonly Agreement[],
): readonly { readonly agreement: Agreement; readonly remark: Remark }[] {
  const told = agreements.flatMap(listTold);
  return told.flatMap((later, index) =>
    told.slice(0, index).flatMap((earlier) => {
      const columns = findSharedQuasi(earlier, later);
      if (columns.length === 0 || !isSameSwap(earlier, later)) return [];
      const here = earlier.agreement === later.agreement ? '' : ` of agreement \`${earlier.agreement.agreement}\``;
      const remark = warningAt(
        ['legs', later.at],
        `\`${later.leg.to}\` gets the same people by leg \`${nameLeg(earlier.leg)}\`${here}: both are by \`${later.subject}\` and show ${columns.map((name) => `\`${name}\``).join(', ')}`,
        'Each dataset is generalised by itself: laid side by side they can tell smaller groups than k. Give them as one dataset, or leave the columns out of one.',
      );
      return [{ agreement: later.agreement, remark }];
    }),
  );
}

/** The quasi-identifiers, by name, that two datasets of the same subjects have in common. */
export function findSharedQuasi(
  one: { readonly subject?: string | undefined; readonly quasi: ReadonlySet<string> },
  other: { readonly subject?: string | undefined; readonly quasi: ReadonlySet<string> },
): readonly string[] {
  if (one.subject === undefined || one.subject !== other.subject) return [];
  return [...one.quasi].filter((name) => other.quasi.has(name)).sort();
}

function listTold(agreement: Agreement): readonly Told[] {
  return agreement.legs.flatMap((leg, at) => {
    const dataset = agreement.datasets[leg.dataset];
    if (dataset?.subject === undefined) return [];
    const quasi = Object.entries(dataset.columns).flatMap(([name, { role, treatment }]) =>
      role === 'quasi' && treatment?.kind !== 'drop' ? [name] : [],
    );
    return [{ agreement, at, leg, subject: dataset.subject, quasi: new Set(quasi) }];
  });
}

function isSameSwap(one: Told, other: Told): boolean {
  const accountOf = ({ agreement, leg }: Told, side: 'from' | 'to') => agreement.parties[leg[side]]?.account;
  return accountOf(one, 'from') === accountOf(other, 'from') && accountOf(one, 'to') === accountOf(other, 'to');
}
