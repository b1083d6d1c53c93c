import { encodeText, formatHex, type Sha256 } from '../../bytes';
import type { Generalisation } from '../../privacy/hierarchies/generalisation';
import type { PrivacyFloor } from '../../privacy/models/privacy-floor';
import { isInClasses, typeReleased } from '../checks/column-rules';
import type {
  ClassColumn,
  Plan,
  PlannedClause,
  PlannedColumn,
  PlannedDataset,
  PlannedLeg,
  PlannedParty,
} from '../plan/plan';
import { isSame } from './is-same';

/** A plan as an agreement's file says it, so that two of them can be held against each other place by place. */
export type PlanView = Readonly<Record<string, unknown>>;

/**
 * Lists become maps by what names their entries, rows of files their hash. What follows from something else in the same
 * plan is left out, so that one change is told once; where it does not follow, it is there.
 */
export function viewPlan(plan: Plan, sha256: Sha256): PlanView {
  const { agreement, term, parties, datasets, legs, remedies, clauses, controls: _, ...rest } = plan;
  const { version: __, content: ___, ...named } = agreement;
  const { notice, destroyWithin, ...days } = term;
  return {
    ...rest,
    agreement: named,
    term: { ...days, exit: { notice, destroyWithin } },
    parties: mapBy(parties, ({ id }) => id, viewParty),
    datasets: mapBy(
      datasets,
      ({ id }) => id,
      (dataset) => viewDataset(dataset, hashRows(sha256)),
    ),
    legs: mapBy(legs, ({ id }) => id, viewLeg),
    remedies: groupBy(
      remedies,
      ({ on }) => on,
      ({ on: ____, ...measure }) => measure,
    ),
    clauses: mapBy(clauses, ({ id }) => id, viewClause),
  };
}

/** The entries in their order. One that is named as another keeps a place of its own. */
function mapBy<T, V>(entries: readonly T[], nameOf: (entry: T) => string, view: (entry: T) => V): Map<string, V> {
  const map = new Map<string, V>();
  for (const entry of entries) {
    let name = nameOf(entry);
    while (map.has(name)) name += ' (again)';
    map.set(name, view(entry));
  }
  return map;
}

function groupBy<T, V>(entries: readonly T[], nameOf: (entry: T) => string, view: (entry: T) => V): Map<string, V[]> {
  const map = new Map<string, V[]>();
  for (const entry of entries) map.set(nameOf(entry), [...(map.get(nameOf(entry)) ?? []), view(entry)]);
  return map;
}

type HashRows = (rows: readonly unknown[]) => string;

function hashRows(sha256: Sha256): HashRows {
  return (rows) => `${rows.length} rows, SHA-256 ${formatHex(sha256(encodeText(JSON.stringify(rows))))}`;
}

function viewParty({ id: _, givesNothingBy, getsNothingBy, ...party }: PlannedParty) {
  return {
    ...party,
    ...(givesNothingBy !== undefined && { givesNothing: givesNothingBy }),
    ...(getsNothingBy !== undefined && { getsNothing: getsNothingBy }),
  };
}

function viewLeg({ id: _, safeguardBy, ...leg }: PlannedLeg) {
  return { ...leg, ...(safeguardBy !== undefined && { transfer: { safeguard: safeguardBy } }) };
}

function viewClause({ id: _, legalOnly, controls: control, ...clause }: PlannedClause) {
  return { ...clause, control, ...(legalOnly === (control.length === 0) ? {} : { legalOnly }) };
}

function viewDataset(dataset: PlannedDataset, hash: HashRows) {
  const { id: _, columns, classColumns, privacy, recoding, asymmetryBy, basisBy, ...rest } = dataset;
  const classes = new Map(classColumns.map((each) => [each.column, each]));
  return {
    ...rest,
    ...(basisBy !== undefined && { basis: basisBy }),
    columns: mapBy(
      columns,
      ({ name }) => name,
      (column) => viewColumn(column, classes.get(column.name), hash),
    ),
    privacy: {
      ...(privacy !== undefined && viewFloor(privacy, hash)),
      ...recoding,
      ...(asymmetryBy !== undefined && { asymmetry: asymmetryBy }),
    },
  };
}

function viewColumn(column: PlannedColumn, classes: ClassColumn | undefined, hash: HashRows) {
  const { name: _, checks: check, releasedAs, treatment, exemptBy, mayIdentifyBy, ...rest } = column;
  const isReleasedSo = isSame(releasedAs, typeReleased(column.type, treatment));
  const counts = classes !== undefined;
  const counted = treatment.kind === 'generalise' ? treatment.generalisation : { kind: 'none' as const };
  return {
    ...rest,
    treatment:
      treatment.kind === 'generalise'
        ? { ...treatment, generalisation: viewLevels(treatment.generalisation, hash) }
        : treatment,
    check,
    ...(exemptBy !== undefined && { exempt: exemptBy }),
    ...(mayIdentifyBy !== undefined && { mayIdentify: mayIdentifyBy }),
    ...(classes !== undefined && classes.weight !== 1 && { weight: classes.weight }),
    ...(isReleasedSo ? {} : { releasedAs: releasedAs ?? 'not released' }),
    ...(counts === isInClasses(column.role, treatment) ? {} : { counts }),
    ...(classes === undefined || isSame(classes.generalisation, counted)
      ? {}
      : { countedAs: viewLevels(classes.generalisation, hash) }),
  };
}

function viewLevels(generalisation: Generalisation, hash: HashRows): Generalisation {
  return generalisation.kind === 'hierarchy'
    ? { ...generalisation, rows: [[hash(generalisation.rows)]] }
    : generalisation;
}

function viewFloor({ l, t, presence, population, ...floor }: PrivacyFloor, hash: HashRows) {
  return {
    ...floor,
    l: mapBy(
      l,
      ({ column }) => column,
      (each) => each,
    ),
    t: mapBy(
      t,
      ({ column }) => column,
      (each) =>
        each.distance === 'hierarchical'
          ? { ...each, hierarchy: { ...each.hierarchy, rows: [[hash(each.hierarchy.rows)]] } }
          : each,
    ),
    ...(presence !== undefined && { presence: { min: presence.atLeast, max: presence.atMost } }),
    ...(population !== undefined && {
      population: population.kind === 'counts' ? { ...population, rows: hash(population.rows) } : population,
    }),
  };
}
