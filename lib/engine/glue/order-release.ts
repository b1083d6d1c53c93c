import type { PlannedDataset, PlannedLeg } from '../../domain/agreement/plan/plan';
import { isFollowable } from '../../domain/privacy/certificate/assemble-measurement';
import { listShared } from '../../domain/privacy/histogram/list-shared';
import { markablePath } from '../../domain/privacy/search/write-solution';
import { countTrackGroups, earlierName, listTracked, placeRound, TRACKED } from '../sql/compose-rounds';
import { countLeastSharers } from '../sql/count-sharers';
import { SUBJECT_ROWS } from '../sql/count-tuples';
import { indexOfColumn, valueNameOf } from '../sql/dataset-columns';
import {
  drawMarks,
  LIST_MARKED,
  MARKABLE_CLASSES,
  MARKABLE_SUBJECTS,
  MARKED,
  MARKED_ROWS,
  partRows,
  UNMARKED_ROWS,
} from '../sql/mark-subjects';
import { countCells } from '../sql/measure-cells';
import { WRITTEN } from '../sql/measure-rows';
import { countDistinct, listDistinct } from '../sql/measure-values';
import { listReleased, releasedName, treatRows } from '../sql/release-rows';
import { COUNT_ROWS, named, table } from '../sql/rendering/expressions';
import { sparkDialect } from '../sql/rendering/spark-dialect';
import { CLASS_OF, CLASSES, shownName, type TreatedPart } from '../sql/treated-part';
import type { JobStep, OrderedTable, OrderedTables, RenamedColumn } from './job-orders';
import { orderClasses } from './order-classes';
import { ACCEPTED } from './order-cleaning';
import { orderSamples } from './order-samples';
import { orderTokens } from './order-tokens';
import { orderTreatment } from './order-treatment';
import { about, NOTHING, orderCache, orderTable, orderView } from './short-steps';
import { unite } from './unite';

const { renderQuery } = sparkDialect;

/** What all legs of a dataset need: the solution, and the tuples that it releases. */
export function orderSolution(dataset: PlannedDataset): readonly JobStep[] {
  if (dataset.classColumns.length === 0) return [];
  const shown = dataset.classColumns.map((_, index) => `${shownName(index)} STRING`);
  return [
    { do: 'load', name: 'tuples' },
    ...(dataset.subject === undefined ? [] : [{ do: 'load' as const, name: SUBJECT_ROWS }]),
    { do: 'read', name: CLASS_OF, path: 'solution/class_of', schema: 'tuple INT, class INT' },
    { do: 'read', name: CLASSES, path: 'solution/classes', schema: ['class INT', ...shown].join(', ') },
  ];
}

/**
 * Writes one leg's release, and counts what stands in it into `measure/<leg>/`.
 * @param earlier prefixes of earlier releases of the data set version to the same receiver
 */
export function orderRelease(
  dataset: PlannedDataset,
  leg: PlannedLeg,
  prefix: string,
  earlier: readonly string[],
): readonly JobStep[] {
  const columns = listReleased(dataset);
  const hasClasses = dataset.classColumns.length > 0;
  const classes = hasClasses ? 'values' : 'nothing';
  const folder = `measure/${leg.id}`;
  const part: TreatedPart = {
    dataset,
    rows: ACCEPTED,
    columns,
    classes,
    tokensInPlace: true,
    ...leaveMarked(dataset, leg),
  };
  const marks = orderMarks(dataset, leg, part);
  const measured = [
    marks,
    ...(hasClasses
      ? [orderClasses(dataset, leg, leaveMarked(dataset, leg)), orderTracks(dataset, earlier)]
      : [{ steps: [], tables: [orderTable('cells', countCells(dataset)), ...orderSubjects(dataset)] }]),
    orderSamples(dataset),
    orderShared(dataset),
  ];
  return [
    ...orderTreatment(part, leg.id, drawMarked(dataset, leg)),
    ...marks.steps,
    {
      do: 'release',
      folder,
      prefix,
      sql: renderQuery(treatRows({ ...part, rows: part.unmarked ?? ACCEPTED })),
      columns: columns.map((index) => rename(dataset, index)),
      ...(isFollowable(dataset) && { together: releasedName(indexOfColumn(dataset, dataset.subject!)) }),
    },
    ...measured.slice(1).flatMap(({ steps }) => steps),
    {
      do: 'write',
      folder,
      tables: measured.flatMap(({ tables }) => tables),
      manifest: { measureVersion: 1 },
      about: 'release',
    },
  ];
}

function leaveMarked({ subject }: PlannedDataset, { watermark }: PlannedLeg): Pick<TreatedPart, 'unmarked'> {
  return watermark !== undefined && subject !== undefined ? { unmarked: UNMARKED_ROWS } : {};
}

/** Takes out the rows of subjects whom a keyed choice falls on. */
function drawMarked(dataset: PlannedDataset, leg: PlannedLeg): readonly JobStep[] {
  const { subject } = dataset;
  if (leg.watermark === undefined || subject === undefined) return [];
  const path = markablePath(leg.id);
  return [
    ...(dataset.classColumns.length > 0
      ? [{ do: 'read' as const, name: MARKABLE_CLASSES, path, schema: 'class INT, markable INT' }]
      : []),
    orderCache(MARKABLE_SUBJECTS, drawMarks(dataset, subject, ACCEPTED, leg.watermark)),
    orderView(MARKED, LIST_MARKED),
    orderView(UNMARKED_ROWS, partRows(dataset, subject, ACCEPTED, 'unmarked')),
    orderView(MARKED_ROWS, partRows(dataset, subject, ACCEPTED, 'marked')),
  ];
}

/** Counts those rows that would have been released. */
function orderMarks(dataset: PlannedDataset, leg: PlannedLeg, part: TreatedPart): OrderedTables {
  if (leaveMarked(dataset, leg).unmarked === undefined) return NOTHING;
  return {
    // Named here: later steps make tables of the same names as those by which it is treated.
    steps: [orderView('left_out', treatRows({ ...part, rows: MARKED_ROWS }))],
    tables: [orderTable('marked', { columns: [named('rows', COUNT_ROWS)], from: table('left_out') })],
  };
}

/** Of each column whose values have to be shared, by how many the least shared one is. */
function orderShared(dataset: PlannedDataset): OrderedTables {
  const shared = listShared(dataset);
  if (shared.length === 0) return NOTHING;
  const sql = unite(shared.map(({ index }, place) => about(place, countLeastSharers(dataset, index, ACCEPTED))));
  return { steps: [], tables: [{ name: 'shared', sql }] };
}

function orderSubjects(dataset: PlannedDataset): readonly OrderedTable[] {
  const { subject } = dataset;
  if (subject === undefined) return [];
  const distinct = isFollowable(dataset)
    ? countDistinct(WRITTEN, releasedName(indexOfColumn(dataset, subject)))
    : countDistinct(ACCEPTED, valueNameOf(dataset, subject));
  return [
    orderTable('subjects', distinct),
    ...orderTokens(dataset, listDistinct(WRITTEN, releasedName(indexOfColumn(dataset, subject))), 'value'),
  ];
}

function orderTracks(dataset: PlannedDataset, earlier: readonly string[]): OrderedTables {
  const { subject } = dataset;
  if (earlier.length === 0 || subject === undefined || !isFollowable(dataset)) return NOTHING;
  const columns = listTracked(dataset, subject).map((index) => rename(dataset, index));
  const rounds = [...earlier.keys()].map(earlierName).concat(WRITTEN);
  return {
    steps: [
      ...earlier.map((prefix, index): JobStep => ({ do: 'earlier', name: earlierName(index), prefix, columns })),
      { do: 'view', name: TRACKED, sql: unite(rounds.map((rows, round) => placeRound(dataset, subject, rows, round))) },
    ],
    tables: [orderTable('tracks', countTrackGroups())],
  };
}

function rename({ columns }: PlannedDataset, index: number): RenamedColumn {
  return { from: releasedName(index), to: columns[index]!.name };
}
