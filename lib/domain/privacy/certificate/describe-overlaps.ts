import { findSharedQuasi } from '../../agreement/checks/check-overlaps';
import type { Plan, PlannedDataset, PlannedLeg } from '../../agreement/plan/plan';

/** What a certificate may say of an agreement. */
export type PartiesAndLegs = Pick<Plan, 'agreement' | 'parties' | 'datasets' | 'legs'>;

interface OwnRelease {
  readonly plan: Plan;
  readonly dataset: PlannedDataset;
  readonly leg: PlannedLeg;
  /** Other agreements in force in the room; see `readOthers`. */
  readonly others?: readonly PartiesAndLegs[];
}

/**
 * Which other datasets, of this agreement and of others, tell the same receiver of the same people. That there is another
 * agreement is its parties' secret, and all parties of this one may read the certificate: another is named only where all of
 * them are parties to it. Who gives such datasets is warned of the rest by `checkOverlaps`.
 */
export function describeOverlaps({ plan, dataset, leg, others = [] }: OwnRelease): readonly string[] {
  const accounts = listAccounts(plan);
  const known = others.filter((other) => {
    const theirs = new Set(listAccounts(other).values());
    return [...accounts.values()].every((account) => theirs.has(account));
  });
  return [plan, ...known].flatMap((other) => {
    const theirs = listAccounts(other);
    const isSame = (side: 'from' | 'to', each: PlannedLeg) => theirs.get(each[side]) === accounts.get(leg[side]);
    const by = other === plan ? '' : ` by agreement ${other.agreement.id}, version ${other.agreement.version}`;
    return other.legs.flatMap((each) => {
      const twin = other.datasets.find(({ id }) => id === each.dataset);
      const isItself = other === plan && each.id === leg.id;
      if (isItself || twin === undefined || !isSame('from', each) || !isSame('to', each)) return [];
      const columns = findSharedQuasi(listQuasi(dataset), listQuasi(twin));
      return columns.length === 0
        ? []
        : [
            `The receiver also gets ${each.dataset}${by}, by the same subject and with ${columns.join(', ')} too: what both tell together is not measured.`,
          ];
    });
  });
}

function listAccounts({ parties }: PartiesAndLegs): ReadonlyMap<string, string> {
  return new Map(parties.map(({ id, account }) => [id, account]));
}

function listQuasi({ subject, columns }: PlannedDataset) {
  return {
    subject,
    quasi: new Set(columns.flatMap(({ name, role, releasedAs }) => (role === 'quasi' && releasedAs ? [name] : []))),
  };
}
