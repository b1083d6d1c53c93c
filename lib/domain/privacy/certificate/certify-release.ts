import type { Plan, PlannedColumn, PlannedDataset, PlannedLeg } from '../../agreement/plan/plan';
import type { Solution } from '../search/solution';
import { describeBounds, describeForm } from '../treatments/describe-treatment';
import type { Treatment } from '../treatments/treatment';
import { isFollowable } from './assemble-measurement';
import type { Certificate, CertifiedColumn, MeasuredPrivacy, RowCounts } from './certificate';
import { describeOverlaps, type PartiesAndLegs } from './describe-overlaps';
import type { ReleaseMeasurement } from './release-measurement';
import { showCloseness, showLoss, showRiskBefore, showRows, showSearch } from './show-figures';

/** What a certificate says of a solution. */
export type CertifiedSolution = Pick<Solution, 'levels' | 'levelCounts' | 'loss' | 'search'>;

/** Everything that was counted and measured of one release. */
export interface ReleaseEvidence {
  readonly plan: Plan;
  readonly dataset: PlannedDataset;
  readonly leg: PlannedLeg;
  readonly rows: RowCounts;
  readonly measurement: ReleaseMeasurement;
  /** Absent for a dataset without class columns. */
  readonly solution?: CertifiedSolution;
  /** Releases of the data set version that its receiver was given before; absent where there is no record to tell. */
  readonly earlier?: number;
  /** Other agreements on record; see `readOthers`. */
  readonly others?: readonly PartiesAndLegs[];
  readonly hashes: Certificate['hashes'];
  readonly tool: Certificate['tool'];
}

/** Writes down the evidence as the certificate; judging it is `judgeRelease`'s, and comes first. */
export function certifyRelease(evidence: ReleaseEvidence): Certificate {
  const { plan, dataset, leg, measurement, solution, earlier = 0, hashes, tool } = evidence;
  const { riskBefore: before, riskAfter: after, composition } = measurement;
  const rows = showRows(evidence.rows, dataset);
  const privacy = solution && measurePrivacy(dataset, rows, measurement, solution);
  return {
    certificateVersion: 1,
    agreement: { id: plan.agreement.id, version: plan.agreement.version },
    leg: { id: leg.id, from: leg.from, to: leg.to, dataset: leg.dataset },
    rows,
    worth: { subjects: measurement.subjects, completeness: measurement.completeness },
    ...(privacy && { privacy }),
    ...(before && after && { risk: { before: showRiskBefore(before), after } }),
    ...(composition && { compositionRisk: { ...composition, missing: earlier + 1 - composition.rounds } }),
    columns: dataset.columns.map((column) => certifyColumn(dataset, column, measurement, solution)),
    discovery: measurement.searched,
    hashes,
    tool,
    assumptions: [
      ...listAssumptions(dataset, privacy),
      ...(isMerged(dataset, leg) ? [MARKS_IN_MEANS] : []),
      ...(privacy ? [describeComposition(evidence), ...describeOverlaps(evidence)] : []),
    ],
  };
}

function measurePrivacy(
  dataset: PlannedDataset,
  rows: RowCounts,
  { classes }: ReleaseMeasurement,
  { levels, levelCounts, loss, search }: CertifiedSolution,
): MeasuredPrivacy | undefined {
  if (!classes) return undefined;
  const accepted = rows.received - rows.rejected;
  const { squaredRows, t, ...measured } = classes;
  return {
    ...measured,
    t: showCloseness(t, dataset),
    countedOn: dataset.subject === undefined ? 'rows' : 'subjects',
    suppressed: accepted === 0 ? 0 : rows.suppressed / accepted,
    levels:
      search.mode === 'multidimensional'
        ? []
        : dataset.classColumns.map(({ column }, index) => ({
            column,
            level: levels[index] ?? 0,
            of: (levelCounts[index] ?? 1) - 1,
          })),
    loss: showLoss(loss),
    quality: measureQuality(classes.classes, squaredRows, accepted, rows.released),
    search: showSearch(search),
  };
}

function measureQuality(classes: number, squaredRows: number, accepted: number, released: number) {
  const lost = accepted - released;
  return {
    averageClass: accepted / Math.max(1, classes + (lost > 0 ? 1 : 0)),
    discernibility: accepted === 0 ? 0 : (squaredRows + lost * accepted) / accepted ** 2,
  };
}

function certifyColumn(
  dataset: PlannedDataset,
  column: PlannedColumn,
  { shared = [] }: Pick<ReleaseMeasurement, 'shared'>,
  solution?: Pick<Solution, 'levels'>,
): CertifiedColumn {
  const index = dataset.classColumns.findIndex((classColumn) => classColumn.column === column.name);
  const level = column.treatment.kind === 'generalise' ? solution?.levels[index] : undefined;
  const sharers = shared.find((each) => each.column === column.name)?.subjects;
  return {
    name: column.name,
    role: column.role,
    treatment: describeTreatment(column.treatment),
    ...(level !== undefined && { level }),
    ...(typeof sharers === 'number' && { sharedBy: sharers }),
    released: column.releasedAs !== undefined,
  };
}

/** The treatment in the agreement's own words. */
export function describeTreatment(treatment: Treatment): string {
  switch (treatment.kind) {
    case 'mask':
      return treatment.keepFirst + treatment.keepLast === 0
        ? 'mask'
        : `mask (first ${treatment.keepFirst} and last ${treatment.keepLast} characters kept)`;
    case 'date-shift':
      return `date-shift (up to ${treatment.days} days)`;
    case 'format-preserving':
      return `format-preserving (${describeForm(treatment)})`;
    case 'top-bottom':
      return `top-bottom (${describeBounds(treatment)})`;
    case 'round':
      return `round (to multiples of ${treatment.multiple})`;
    case 'noise':
      return `noise (epsilon ${treatment.epsilon} for each value of a subject, bounds ${treatment.bottom} and ${treatment.top}, steps of ${treatment.step})`;
    case 'microaggregate':
      return `microaggregate (${treatment.centre} of at least ${treatment.k} subjects)`;
    case 'common-text':
      return `common-text (shared by at least ${treatment.k} subjects)`;
    case 'keep':
    case 'drop':
    case 'token':
    case 'generalise':
      return treatment.kind;
  }
}

function listAssumptions(dataset: PlannedDataset, privacy: MeasuredPrivacy | undefined): readonly string[] {
  if (!privacy) {
    return ['No column is declared a quasi-identifier: no re-identification risk was measured for this release.'];
  }
  const names = dataset.classColumns.map(({ column }) => column).join(', ');
  return [
    `An attacker knows of a person at most what stands in ${names}; other released columns are taken as unknown to them.`,
    dataset.subject === undefined
      ? 'Every row is counted as a person of its own, since the dataset names no subject.'
      : `Persons are told apart by ${dataset.subject} as it is written: who is written in two ways counts as two.`,
    ...(isFollowable(dataset) && !isOneRowEach(dataset)
      ? [
          'How many rows a person has is taken as unknown to an attacker, though a token shows which rows are one person’s.',
        ]
      : []),
    'Counts of rows that are not released are rounded up to multiples of k; loss and the risks before treatment are rounded up.',
    'The delivery stands in for the population in the journalist risk, which overstates it.',
    ...(dataset.privacy?.population === undefined
      ? []
      : [
          dataset.privacy.population.kind === 'size'
            ? 'k-map is estimated: the delivery is taken as a random sample of a population of the agreed size.'
            : "k-map and presence take the agreement's population table as complete and right.",
        ]),
    ...(privacy.search.mode === 'multidimensional'
      ? [
          'Higher risk: classes are regions as small as the floor lets them be, and where they are cut depends on the data; who knows how they are cut may conclude more than the classes show.',
        ]
      : []),
    ...(privacy.l.length === 0
      ? []
      : [
          'l counts persons by the values that they have, two spellings being two values; `shared` is the greatest share of a class whose members have one value in common.',
        ]),
    ...(privacy.t.length === 0
      ? []
      : [
          't looks at rows, whoever they are about: a person with several rows counts with each of them. `distance` is told of the released rows; that of all accepted rows is within the agreed bound.',
        ]),
    ...(privacy.linkedK === undefined
      ? []
      : [
          'Whoever follows one token over its rows meets groups of `linkedK` subjects at the least, which can be fewer than k; the risks after treatment are those of these groups.',
        ]),
  ];
}

const MARKS_IN_MEANS =
  'Merged values are centres of all rows that have a class, those left out as marks included: without them, two receivers could take one centre from the other and find what a marked subject has.';

function isMerged({ columns }: PlannedDataset, { watermark }: PlannedLeg): boolean {
  return watermark !== undefined && columns.some(({ treatment }) => treatment.kind === 'microaggregate');
}

/** Which other releases the figures speak of. */
function describeComposition({ dataset, measurement: { composition }, earlier }: ReleaseEvidence): string {
  if (earlier === undefined)
    return 'Made without the record: what came before is not known, and its levels bind nobody.';
  if (earlier === 0)
    return 'This is the first release of its data set version to its receiver; risk is not measured for its combination with those of other receivers, versions or agreements.';
  const before = `${earlier} ${earlier === 1 ? 'release' : 'releases'} of this data set version came before, or wait for their round, at the same levels.`;
  if (!isFollowable(dataset))
    return `${before} No column ties somebody's rows in one to those in another, so they were not laid side by side; what all rows of a group show in one round and not in the next is not measured.`;
  if (composition === undefined)
    return `${before} They were certified while this one was made, so they were not laid beside it; what they tell together is not measured.`;
  const { rounds } = composition;
  const missing = earlier + 1 - rounds;
  const gone = missing === 0 ? '' : `; ${missing} more ${missing === 1 ? 'is' : 'are'} not here to be measured`;
  return `compositionRisk follows subjects over ${rounds} ${rounds === 1 ? 'release' : 'releases'} of this data set version to this receiver${gone}. Other figures are of this release alone.`;
}

function isOneRowEach({ clean: { dedupe }, subject }: PlannedDataset): boolean {
  return dedupe.length === 1 && dedupe[0] === subject;
}
