import type { PlannedDataset, PlannedLeg } from '../../domain/agreement/plan';
import { isFollowable } from '../../domain/privacy/assemble-measurement';
import { listSensitive } from '../../domain/privacy/list-sensitive';
import { markablePath } from '../../domain/privacy/write-solution';
import { countTrackGroups, earlierName, listTracked, placeRound, TRACKED } from '../sql/compose-rounds';
import { listHeld } from '../sql/count-holders';
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
  keepSubjects,
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
import type { NamedExpression, SqlQuery } from '../sql/sql-query';
import { CLASS_OF, CLASSES, shownName, type TreatedPart } from '../sql/treated-part';
import type { JobStep, RenamedColumn } from './job-orders';
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
  const classes = dataset.classColumns.length > 0 ? 'values' : 'nothing';
  const folder = `measure/${leg.id}`;
  const write = (name: string, sql: string): JobStep => ({ do: 'write', folder, table: name, sql });
  const part: TreatedPart = { dataset, rows: ACCEPTED, columns, classes, tokensInPlace: true };
  return [
    ...orderTreatment(part, leg.id),
    ...orderMarks(dataset, leg, part, write),
    {
      do: 'release',
      folder,
      prefix,
      sql: renderQuery(treatRows(isMarked(dataset, leg) ? { ...part, rows: UNMARKED_ROWS } : part)),
      columns: columns.map((index) => rename(dataset, index)),
    },
    write('cells', renderQuery(countCells(dataset))),
    ...(classes === 'values' ? orderClasses(dataset, leg, write) : orderSubjects(dataset, write)),
    ...(classes === 'values' ? orderTracks(dataset, earlier, write) : []),
    ...orderSamples(dataset, folder),
    { do: 'close', folder, manifest: { measureVersion: 1 }, about: 'release' },
  ];
}

const referenceName = (index: number) => `reference_${index}`;

type Write = (name: string, sql: string) => JobStep;

function isMarked({ subject }: PlannedDataset, { watermark }: PlannedLeg): boolean {
  return watermark !== undefined && subject !== undefined;
}

/** Takes out the rows of subjects whom a keyed choice falls on, and counts those that would have been released. */
function orderMarks(dataset: PlannedDataset, leg: PlannedLeg, part: TreatedPart, write: Write): readonly JobStep[] {
  const { subject, classColumns } = dataset;
  if (leg.watermark === undefined || subject === undefined) return [];
  const view = (name: string, query: SqlQuery): JobStep => ({ do: 'view', name, sql: renderQuery(query) });
  const path = markablePath(leg.id);
  const drawn = drawMarks(dataset, subject, ACCEPTED, leg.watermark);
  const leftOut = treatRows({ ...part, rows: MARKED_ROWS });
  return [
    ...(classColumns.length > 0
      ? [{ do: 'read' as const, name: MARKABLE_CLASSES, path, schema: 'class INT, markable INT' }]
      : []),
    { do: 'cache', name: MARKABLE_SUBJECTS, sql: renderQuery(drawn) },
    view(MARKED, LIST_MARKED),
    view(UNMARKED_ROWS, partRows(dataset, subject, ACCEPTED, 'unmarked')),
    view(MARKED_ROWS, partRows(dataset, subject, ACCEPTED, 'marked')),
    write(
      'marked',
      renderQuery({ columns: [named('rows', COUNT_ROWS)], from: { kind: 'query', query: leftOut, as: 'left_out' } }),
    ),
  ];
}

function orderSubjects(dataset: PlannedDataset, write: Write): readonly JobStep[] {
  const { subject } = dataset;
  if (subject === undefined) return [];
  const distinct = isFollowable(dataset)
    ? countDistinct(WRITTEN, releasedName(indexOfColumn(dataset, subject)))
    : countDistinct(ACCEPTED, valueNameOf(dataset, subject));
  return [write('subjects', renderQuery(distinct))];
}

function orderClasses(dataset: PlannedDataset, leg: PlannedLeg, write: Write): readonly JobStep[] {
  const shown = dataset.privacy?.population?.kind === 'counts' ? listShown(dataset) : [];
  const classes: SqlQuery = {
    columns: [...['place', 'rows'].map((name) => named(name, column(name))), ...shown],
    from: table(WRITTEN_CLASSES),
  };
  return [
    { do: 'cache', name: WRITTEN_GROUPS, sql: renderQuery(groupWritten(dataset)) },
    { do: 'cache', name: WRITTEN_CLASSES, sql: renderQuery(listWrittenClasses(dataset)) },
    { do: 'cache', name: WRITTEN_MEMBERS, sql: renderQuery(placeWrittenMembers(dataset)) },
    write('class_rows', renderQuery(classes)),
    ...orderClassSubjects(dataset, leg, write),
    ...orderSensitive(dataset, leg, write),
  ];
}

function orderTracks(dataset: PlannedDataset, earlier: readonly string[], write: Write): readonly JobStep[] {
  const { subject } = dataset;
  if (earlier.length === 0 || subject === undefined || !isFollowable(dataset)) return [];
  const columns = listTracked(dataset, subject).map((index) => rename(dataset, index));
  const rounds = [...earlier.keys()].map(earlierName).concat(WRITTEN);
  return [
    ...earlier.map((prefix, index): JobStep => ({ do: 'earlier', name: earlierName(index), prefix, columns })),
    { do: 'view', name: TRACKED, sql: unite(rounds.map((rows, round) => placeRound(dataset, subject, rows, round))) },
    write('tracks', renderQuery(countTrackGroups())),
  ];
}

function rename({ columns }: PlannedDataset, index: number): RenamedColumn {
  return { from: releasedName(index), to: columns[index]!.name };
}

/** What each class shows, as text: where the floor counts on a population's table. */
function listShown(dataset: PlannedDataset): readonly NamedExpression[] {
  return dataset.classColumns.map(({ column: name }, index) =>
    named(shownName(index), canonicalText(column(releasedName(indexOfColumn(dataset, name))))),
  );
}

function orderClassSubjects(dataset: PlannedDataset, leg: PlannedLeg, write: Write): readonly JobStep[] {
  const { subject } = dataset;
  if (subject === undefined) return [];
  const members = nameMembers(dataset);
  const placed = keepSubjects(members);
  const { orderBy: _, ...spanning } = listSpanning(placed, 'spanning_subjects');
  return [
    ...(isFollowable(dataset) ? [] : orderMembers(dataset, leg, subject)),
    { do: 'cache', name: 'subject_bounds', sql: renderQuery(boundSubjects(placed)) },
    { do: 'cache', name: 'spanning_subjects', sql: renderQuery(numberSpanning('subject_bounds')) },
    write('settled', renderQuery(countSettled('subject_bounds'))),
    write('spanning', renderQuery(spanning)),
    ...(isFollowable(dataset) ? [] : [write('recounted', renderQuery(countPlacedRows(members)))]),
  ];
}

/** Where it stands who is in which class: in the file, if that tells subjects apart. */
function nameMembers(dataset: PlannedDataset): string {
  return isFollowable(dataset) ? WRITTEN_MEMBERS : ACCEPTED_MEMBERS;
}

function orderMembers(dataset: PlannedDataset, leg: PlannedLeg, subject: string): readonly JobStep[] {
  const part: TreatedPart = { ...partOfMembers(dataset, SUBJECT_ROWS), tokensInPlace: true };
  const sql = renderQuery(placeAcceptedMembers(part, subject));
  return [...orderTreatment({ ...part, rows: ACCEPTED }, leg.id), { do: 'cache', name: ACCEPTED_MEMBERS, sql }];
}

function orderSensitive(dataset: PlannedDataset, leg: PlannedLeg, write: Write): readonly JobStep[] {
  const sensitive = listSensitive(dataset.privacy);
  if (sensitive.length === 0) return [];
  return [
    ...sensitive.flatMap((name, index): readonly JobStep[] => {
      const part: TreatedPart = { ...partOfReference(dataset, name, ACCEPTED), tokensInPlace: true };
      const sql = renderQuery(countReferenceValues(part));
      return [...orderTreatment({ ...part, rows: ACCEPTED }, leg.id), { do: 'cache', name: referenceName(index), sql }];
    }),
    write(
      'reference',
      unite(
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
    ),
    write('written', unite(sensitive.map((name, index) => countWritten(dataset, name, index, referenceName(index))))),
    ...orderHolders(dataset, write),
  ];
}

/** Subjects by their sensitive values, where l speaks of them. */
function orderHolders(dataset: PlannedDataset, write: Write): readonly JobStep[] {
  const held = listHeld(dataset);
  if (held.length === 0) return [];
  const names = listSensitive(dataset.privacy);
  const members = nameMembers(dataset);
  const about = (index: number, query: SqlQuery): SqlQuery => {
    const { orderBy: _, columns, ...rest } = query;
    return { ...rest, columns: [named('column', number(index)), ...columns] };
  };
  return [
    write(
      'holders',
      unite(
        held.map((index) => about(index, countWrittenHolders(dataset, names[index]!, referenceName(index), members))),
      ),
    ),
    write('known', unite(held.map((index) => about(index, countKnownSubjects(dataset, names[index]!, members))))),
  ];
}

function countWritten(dataset: PlannedDataset, name: string, index: number, reference: string): SqlQuery {
  const { orderBy: _, ...query } = countWrittenValues(dataset, name, reference);
  return { ...query, columns: [named('column', number(index)), ...query.columns] };
}
