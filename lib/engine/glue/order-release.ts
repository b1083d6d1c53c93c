import type { PlannedDataset, PlannedLeg } from '../../domain/agreement/plan';
import { isFollowable, listGeneralised } from '../../domain/privacy/assemble-measurement';
import { listSensitive } from '../../domain/privacy/list-sensitive';
import { listShared } from '../../domain/privacy/list-shared';
import { markablePath } from '../../domain/privacy/write-solution';
import { releasesTokens } from '../digest-subject';
import { countTrackGroups, earlierName, listTracked, placeRound, TRACKED } from '../sql/compose-rounds';
import { listHeld } from '../sql/count-holders';
import { countLeastSharers } from '../sql/count-sharers';
import { boundSubjects, countSettled, listSpanning, numberSpanning } from '../sql/count-subjects';
import { SUBJECT_ROWS } from '../sql/count-tuples';
import { indexOfColumn, valueNameOf } from '../sql/dataset-columns';
import { COUNT_ROWS, canonicalText, column, isMissing, named, number, table } from '../sql/expressions';
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
import {
  ACCEPTED_MEMBERS,
  countCells,
  countDistinct,
  countKnownSubjects,
  countPlacedRows,
  countReferenceValues,
  countWrittenHolders,
  countWrittenValues,
  groupWritten,
  halveTokens,
  keepSubjects,
  listDistinct,
  listWrittenClasses,
  partOfMembers,
  partOfReference,
  placeAcceptedMembers,
  placeWrittenMembers,
  WRITTEN,
  WRITTEN_CLASSES,
  WRITTEN_GROUPS,
  WRITTEN_MEMBERS,
} from '../sql/measure-rows';
import { listReleased, releasedName, treatRows } from '../sql/release-rows';
import { sparkDialect } from '../sql/spark-dialect';
import type { NamedExpression, Relation, SqlQuery } from '../sql/sql-query';
import { CLASS_OF, CLASSES, shownName, type TreatedPart } from '../sql/treated-part';
import type { JobStep, OrderedTable, OrderedTables, RenamedColumn } from './job-orders';
import { ACCEPTED } from './order-cleaning';
import { orderSamples } from './order-samples';
import { orderTreatment } from './order-treatment';
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
      ? [orderClasses(dataset, leg), orderTracks(dataset, earlier)]
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

/** All that is counted of subjects is counted where their rows are. */
const BY_SUBJECT = { by: 'subject' } as const;
const referenceName = (index: number) => `reference_${index}`;
const NOTHING: OrderedTables = { steps: [], tables: [] };

function orderTable(name: string, query: SqlQuery): OrderedTable {
  return { name, sql: renderQuery(query) };
}

function orderView(name: string, query: SqlQuery): JobStep {
  return { do: 'view', name, sql: renderQuery(query) };
}

function orderCache(name: string, query: SqlQuery, how: { readonly by?: string } = {}): JobStep {
  return { do: 'cache', name, sql: renderQuery(query), ...how };
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

/** Whom a receiver has to be asked to erase, by their tokens. */
function orderTokens(dataset: PlannedDataset, subjects: Relation, name: string): readonly OrderedTable[] {
  return releasesTokens(dataset) ? [orderTable('tokens', halveTokens(subjects, column(name)))] : [];
}

function orderClasses(dataset: PlannedDataset, leg: PlannedLeg): OrderedTables {
  const shown = listShown(dataset);
  const subjects = orderClassSubjects(dataset, leg);
  const sensitive = orderSensitive(dataset, leg);
  return {
    steps: [
      orderCache(WRITTEN_GROUPS, groupWritten(dataset)),
      orderCache(WRITTEN_CLASSES, listWrittenClasses(dataset)),
      orderCache(WRITTEN_MEMBERS, placeWrittenMembers(dataset), isFollowable(dataset) ? BY_SUBJECT : {}),
      ...subjects.steps,
      ...sensitive.steps,
    ],
    tables: [
      orderTable('cells', countCells(dataset)),
      orderTable('class_rows', {
        columns: [...['place', 'rows'].map((name) => named(name, column(name))), ...shown],
        from: table(WRITTEN_CLASSES),
      }),
      ...subjects.tables,
      ...sensitive.tables,
    ],
  };
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

/** What each class shows, as text: of what is generalised, and of all where the floor counts on a population's table. */
function listShown(dataset: PlannedDataset): readonly NamedExpression[] {
  const { classColumns, privacy } = dataset;
  const shown = privacy?.population?.kind === 'counts' ? [...classColumns.keys()] : listGeneralised(dataset);
  return shown.map((index) => {
    const released = column(releasedName(indexOfColumn(dataset, classColumns[index]!.column)));
    return named(shownName(index), canonicalText(released));
  });
}

function orderClassSubjects(dataset: PlannedDataset, leg: PlannedLeg): OrderedTables {
  const { subject } = dataset;
  if (subject === undefined) return NOTHING;
  const members = nameMembers(dataset);
  const placed = keepSubjects(members);
  const { orderBy: _, ...spanning } = listSpanning(placed, 'spanning_subjects');
  return {
    steps: [
      ...(isFollowable(dataset) ? [] : orderMembers(dataset, leg, subject)),
      orderCache('subject_bounds', boundSubjects(placed)),
      orderCache('spanning_subjects', numberSpanning('subject_bounds')),
    ],
    tables: [
      orderTable('settled', countSettled('subject_bounds')),
      orderTable('spanning', spanning),
      ...orderTokens(dataset, table('subject_bounds'), 'subject'),
      ...(isFollowable(dataset) ? [] : [orderTable('recounted', countPlacedRows(members))]),
    ],
  };
}

/** Where it stands who is in which class: in the file, if that tells subjects apart. */
function nameMembers(dataset: PlannedDataset): string {
  return isFollowable(dataset) ? WRITTEN_MEMBERS : ACCEPTED_MEMBERS;
}

function orderMembers(dataset: PlannedDataset, leg: PlannedLeg, subject: string): readonly JobStep[] {
  const part: TreatedPart = {
    ...partOfMembers(dataset, SUBJECT_ROWS),
    tokensInPlace: true,
    ...leaveMarked(dataset, leg),
  };
  return [
    ...orderTreatment({ ...part, rows: ACCEPTED }, leg.id),
    orderCache(ACCEPTED_MEMBERS, placeAcceptedMembers(part, subject), BY_SUBJECT),
  ];
}

function orderSensitive(dataset: PlannedDataset, leg: PlannedLeg): OrderedTables {
  const sensitive = listSensitive(dataset.privacy);
  if (sensitive.length === 0) return NOTHING;
  return {
    steps: sensitive.flatMap((name, index): readonly JobStep[] => {
      const part: TreatedPart = {
        ...partOfReference(dataset, name, ACCEPTED),
        tokensInPlace: true,
        ...leaveMarked(dataset, leg),
      };
      return [
        ...orderTreatment({ ...part, rows: ACCEPTED }, leg.id),
        orderCache(referenceName(index), countReferenceValues(part)),
      ];
    }),
    tables: [
      {
        name: 'reference',
        sql: unite(
          sensitive.map((_, index) => ({
            columns: [
              named('column', number(index)),
              named('code', column('code')),
              named('rows', column('rows')),
              named('missing', isMissing(column('value'))),
              named('value', canonicalText(column('value'))),
            ],
            from: table(referenceName(index)),
          })),
        ),
      },
      {
        name: 'written',
        sql: unite(
          sensitive.map((name, index) => about(index, countWrittenValues(dataset, name, referenceName(index)))),
        ),
      },
      ...orderHolders(dataset),
    ],
  };
}

/** Subjects by their sensitive values, where l speaks of them. */
function orderHolders(dataset: PlannedDataset): readonly OrderedTable[] {
  const held = listHeld(dataset);
  if (held.length === 0) return [];
  const names = listSensitive(dataset.privacy);
  const members = nameMembers(dataset);
  // The groups of the file are by subject and all sensitive columns.
  const areHolders = isFollowable(dataset) && names.length === 1;
  return [
    {
      name: 'holders',
      sql: unite(
        held.map((index) =>
          about(index, countWrittenHolders(dataset, names[index]!, referenceName(index), members, areHolders)),
        ),
      ),
    },
    {
      name: 'known',
      sql: unite(held.map((index) => about(index, countKnownSubjects(dataset, names[index]!, members)))),
    },
  ];
}

/** Rows of several columns stand in one table, in no order. */
function about(index: number, { orderBy: _, columns, ...rest }: SqlQuery): SqlQuery {
  return { ...rest, columns: [named('column', number(index)), ...columns] };
}
