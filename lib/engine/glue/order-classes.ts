import type { PlannedDataset, PlannedLeg } from '../../domain/agreement/plan/plan';
import { isFollowable, listGeneralised } from '../../domain/privacy/certificate/assemble-measurement';
import { listSensitive } from '../../domain/privacy/histogram/list-sensitive';
import { listHeld } from '../sql/count-holders';
import { boundSubjects, listSpanning, numberSpanning } from '../sql/count-subjects';
import { listSubjectColumns, SUBJECT_ROWS } from '../sql/count-tuples';
import { indexOfColumn, valueName, valueNameOf } from '../sql/dataset-columns';
import { ALONE, listAlone, listScattered, markAlone } from '../sql/mark-alone';
import { countGroupedCells, groupWrittenCells } from '../sql/measure-cells';
import {
  listClassColumns,
  listHeldColumns,
  listSensitiveColumns,
  listWrittenClasses,
  partOfMembers,
  placeAcceptedMembers,
  placeGroups,
  WRITTEN_CLASSES,
  WRITTEN_GROUPS,
  WRITTEN_MEMBERS,
} from '../sql/measure-rows';
import { countKnownSubjects, countReferenceValues, countWrittenValues, partOfReference } from '../sql/measure-values';
import { releasedName, treatRows } from '../sql/release-rows';
import { canonicalText, column, isMissing, named, number, table } from '../sql/rendering/expressions';
import type { NamedExpression, Relation } from '../sql/rendering/sql-query';
import { addHolders, addKnown, addPlacedRows, addSettled, sumMembers } from '../sql/sum-members';
import { shownName, type TreatedPart } from '../sql/treated-part';
import type { JobStep, OrderedTable, OrderedTables } from './job-orders';
import { ACCEPTED } from './order-cleaning';
import { orderTokens } from './order-tokens';
import { orderTreatment } from './order-treatment';
import { about, NOTHING, orderCache, orderTable } from './short-steps';
import { unite } from './unite';

/** What is released without marks; nothing where none are drawn. */
type Unmarked = Pick<TreatedPart, 'unmarked'>;

/** The members of classes: `sums`, and those of subjects with several groups one by one. See `sumMembers`. */
interface Members {
  readonly sums: string;
  readonly scattered: string;
}

/** All that is counted of subjects is counted where their rows are. */
const BY_SUBJECT = { by: 'subject' } as const;
/** Classes and values in them are numbered in one place anyway, and are fewer than the tuples, which were too. */
const WHOLE = { whole: true } as const;
const WRITTEN_SUMS = 'written_sums';
const ACCEPTED_GROUPS = 'accepted_groups';
const ACCEPTED_SUMS = 'accepted_sums';
const SCATTERED_GROUPS = 'scattered_groups';
const SCATTERED_MEMBERS = 'scattered_members';
const BOUNDS = 'subject_bounds';
const SPANNING = 'spanning_subjects';
const referenceName = (index: number) => `reference_${index}`;

/** Counts a written release that has classes. The file is read once, for its groups; all follows from these. */
export function orderClasses(dataset: PlannedDataset, leg: PlannedLeg, unmarked: Unmarked): OrderedTables {
  const shown = listShown(dataset);
  const isNamed = dataset.subject !== undefined && isFollowable(dataset);
  const groups = isNamed ? WRITTEN_SUMS : WRITTEN_GROUPS;
  const subjects = orderClassSubjects(dataset, leg, unmarked);
  const sensitive = orderSensitive(dataset, leg, unmarked);
  return {
    steps: [
      orderCache(
        WRITTEN_GROUPS,
        isNamed ? markAlone(groupWrittenCells(dataset), 'subject') : groupWrittenCells(dataset),
        isNamed ? {} : WHOLE,
      ),
      ...(isNamed ? [orderCache(WRITTEN_SUMS, sumMembers(table(WRITTEN_GROUPS), listWritten(dataset)), WHOLE)] : []),
      orderCache(WRITTEN_CLASSES, listWrittenClasses(dataset, groups)),
      orderCache(WRITTEN_MEMBERS, placeGroups(dataset, groups, ['rows', ...(isNamed ? ['subjects'] : [])])),
      ...subjects.steps,
      ...sensitive.steps,
    ],
    tables: [
      orderTable('cells', countGroupedCells(dataset)),
      orderTable('class_rows', {
        columns: [...['place', 'rows'].map((name) => named(name, column(name))), ...shown],
        from: table(WRITTEN_CLASSES),
      }),
      ...subjects.tables,
      ...sensitive.tables,
    ],
  };
}

/** By which columns the groups of the file are told apart, beside the subject's. */
function listWritten(dataset: PlannedDataset): readonly string[] {
  return [...new Set([...listClassColumns(dataset), ...listSensitiveColumns(dataset)])].map(releasedName);
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

function orderClassSubjects(dataset: PlannedDataset, leg: PlannedLeg, unmarked: Unmarked): OrderedTables {
  const { subject } = dataset;
  if (subject === undefined) return NOTHING;
  const { sums, scattered } = nameMembers(dataset);
  const placed = table(scattered, 'placed');
  const { orderBy: _, ...spanning } = listSpanning(placed, SPANNING);
  return {
    steps: [
      ...(isFollowable(dataset) ? orderWrittenMembers(dataset) : orderAcceptedMembers(dataset, leg, subject, unmarked)),
      orderCache(BOUNDS, boundSubjects(placed)),
      orderCache(SPANNING, numberSpanning(BOUNDS)),
    ],
    tables: [
      orderTable('settled', addSettled(sums, BOUNDS)),
      orderTable('spanning', spanning),
      ...orderTokens(dataset, listWrittenSubjects(), 'subject'),
      ...(isFollowable(dataset) ? [] : [orderTable('recounted', addPlacedRows(sums))]),
    ],
  };
}

/** Every subject of a file that tells them apart, once. */
function listWrittenSubjects(): Relation {
  const scattered = { columns: [named('subject', column('subject'))], from: table(BOUNDS) };
  return { kind: 'union', queries: [listAlone(WRITTEN_GROUPS, 'subject'), scattered], as: 'subjects' };
}

/** Where it stands who is in which class: in the file, if that tells subjects apart. */
function nameMembers(dataset: PlannedDataset): Members {
  return { sums: isFollowable(dataset) ? WRITTEN_MEMBERS : ACCEPTED_SUMS, scattered: SCATTERED_MEMBERS };
}

function orderWrittenMembers(dataset: PlannedDataset): readonly JobStep[] {
  const names = [...listWritten(dataset), 'subject', 'rows'];
  return [
    orderCache(SCATTERED_GROUPS, listScattered(WRITTEN_GROUPS, 'subject', names)),
    orderCache(SCATTERED_MEMBERS, placeGroups(dataset, SCATTERED_GROUPS, ['subject', 'rows']), BY_SUBJECT),
  ];
}

function orderAcceptedMembers(
  dataset: PlannedDataset,
  leg: PlannedLeg,
  subject: string,
  unmarked: Unmarked,
): readonly JobStep[] {
  const part: TreatedPart = { ...partOfMembers(dataset, SUBJECT_ROWS), tokensInPlace: true, ...unmarked };
  const owner = valueNameOf(dataset, subject);
  const names = [...[...listSubjectColumns(dataset, subject)].map(valueName), 'rows'];
  const treated = { kind: 'query', query: treatRows(part, ['rows', ALONE]), as: 'treated' } as const;
  return [
    ...orderTreatment({ ...part, rows: ACCEPTED }, leg.id),
    orderCache(ACCEPTED_GROUPS, sumMembers(treated, part.columns.map(releasedName)), WHOLE),
    orderCache(ACCEPTED_SUMS, placeGroups(dataset, ACCEPTED_GROUPS, ['rows', 'subjects'], listHeldColumns(dataset))),
    orderCache(SCATTERED_GROUPS, listScattered(SUBJECT_ROWS, owner, names)),
    orderCache(SCATTERED_MEMBERS, placeAcceptedMembers({ ...part, rows: SCATTERED_GROUPS }, subject), BY_SUBJECT),
  ];
}

function orderSensitive(dataset: PlannedDataset, leg: PlannedLeg, unmarked: Unmarked): OrderedTables {
  const sensitive = listSensitive(dataset.privacy);
  if (sensitive.length === 0) return NOTHING;
  return {
    steps: sensitive.flatMap((name, index): readonly JobStep[] => {
      const part: TreatedPart = { ...partOfReference(dataset, name, ACCEPTED), tokensInPlace: true, ...unmarked };
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
  const known = (name: string) => countKnownSubjects(dataset, name, members.scattered);
  return [
    {
      name: 'holders',
      sql: unite(held.map((index) => about(index, addHolders(dataset, names[index]!, referenceName(index), members)))),
    },
    {
      name: 'known',
      sql: unite(
        held.map((index) => about(index, addKnown(dataset, names[index]!, members.sums, known(names[index]!)))),
      ),
    },
  ];
}
