import { addDuration } from '../../agreement/periods/duration';
import { goesByDataSet } from '../../agreement/plan/goes-by-data-set';
import type { Plan, PlannedLeg } from '../../agreement/plan/plan';
import type { AgreementOnRecord } from '../../registry/read-conduct';

/** What whoever is granted a data set of AWS Data Exchange is told by way of it, once. */
export interface DataSetNotice {
  /** Tells it from every other of its agreement, letters included. */
  readonly id: string;
  readonly leg: string;
  readonly comment: string;
  readonly about:
    | { readonly kind: 'delay' }
    /** `at`: when it takes effect at the earliest, UTC. */
    | { readonly kind: 'schema-change'; readonly at: string; readonly changes: readonly ColumnChange[] };
}

interface ColumnChange {
  readonly column: string;
  readonly change: 'add' | 'remove' | 'modify';
}

/**
 * Deliveries that are overdue, and what a proposed version changes about released columns, for every leg that goes by a data
 * set from here.
 * @param proposed the plan of the version that waits for signatures
 */
export function listDataSetNotices(
  { plan, conduct }: Pick<AgreementOnRecord, 'plan' | 'conduct'>,
  proposed: Plan | undefined,
  now: string,
): readonly DataSetNotice[] {
  if (conduct.state !== 'active') return [];
  return plan.legs
    .filter(goesByDataSet)
    .flatMap((leg) => [...listDelays(leg, conduct.breaches), ...listChanges(plan, leg, proposed, now)]);
}

function listDelays(
  { id: leg }: PlannedLeg,
  breaches: AgreementOnRecord['conduct']['breaches'],
): readonly DataSetNotice[] {
  return breaches
    .filter((breach) => breach.kind === 'late-delivery' && breach.leg === leg && breach.resolvedAt === undefined)
    .map(({ report, round = '', since }) => ({
      id: `data-set:delay:${report}`,
      leg,
      comment: `The release of ${round} is overdue since ${since}: its delivery has not come, or was not certified.`,
      about: { kind: 'delay' },
    }));
}

function listChanges(plan: Plan, leg: PlannedLeg, proposed: Plan | undefined, now: string): readonly DataSetNotice[] {
  if (proposed === undefined) return [];
  const [before, after] = [plan, proposed].map((each) => listReleased(each, leg.dataset));
  const changes = [...new Set([...before!.keys(), ...after!.keys()])].flatMap((column): readonly ColumnChange[] => {
    const [was, is] = [before!.get(column), after!.get(column)];
    if (was === is) return [];
    return [{ column, change: was === undefined ? 'add' : is === undefined ? 'remove' : 'modify' }];
  });
  if (changes.length === 0) return [];
  const { version } = proposed.agreement;
  return [
    {
      id: `data-set:schema:${version}:${leg.id}`,
      leg: leg.id,
      comment: `Version ${version} of ${plan.agreement.id} is proposed; once all have signed it, releases have other columns.`,
      about: { kind: 'schema-change', at: `${addDuration(now.slice(0, 10), 'P1D')}T00:00:00Z`, changes },
    },
  ];
}

/** What each released column is, in words that change when it does. */
function listReleased({ datasets }: Plan, id: string): ReadonlyMap<string, string> {
  const columns = datasets.find((dataset) => dataset.id === id)?.columns ?? [];
  return new Map(
    columns.flatMap(({ name, releasedAs, treatment }) =>
      releasedAs === undefined ? [] : [[name, JSON.stringify([releasedAs, treatment])] as const],
    ),
  );
}
