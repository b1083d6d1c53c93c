import type { PlannedDataset } from '../../agreement/plan/plan';
import { type ReleasedSample, searchSample } from '../../discovery/search-release';
import { countSizes, offsetsOf, type PlaceCounts, sumSubjects } from '../histogram/place-counts';
import { type ClassDistribution, createDistance, createHierarchicalDistance } from '../models/class-distances';
import { type HeldValues, measureDiversity } from '../models/measure-diversity';
import { measurePopulation } from '../models/measure-population';
import type { ClosenessFloor } from '../models/privacy-floor';
import { binClassSizes } from './bin-class-sizes';
import { compareShown } from './compare-shown';
import { type GroupSizes, measureComposition } from './measure-composition';
import { measureRisk } from './measure-risk';
import type {
  MeasuredClasses,
  MeasuredDiversity,
  MeasuredSharers,
  ReleaseMeasurement,
  ShownRows,
} from './release-measurement';
import { sizeLinkedGroups } from './size-linked-groups';

/** What queries on a written release counted. */
export interface ReleaseCounts {
  readonly rows: number;
  /** Per released column its cells that tell something. */
  readonly present: readonly number[];
  /** Of the columns that `listSearched` names. */
  readonly samples?: readonly ReleasedSample[];
  /** Distinct subjects; asked for only where the dataset has no classes and names a subject. */
  readonly subjects?: number;
  /** Of the columns that `listShared` names. */
  readonly shared?: readonly MeasuredSharers[];
  /** Absent for a dataset without class columns. */
  readonly classes?: ClassCounts;
  /** Of the subjects of this release and those it was laid beside; asked for where there were earlier ones. */
  readonly tracks?: { readonly groups: GroupSizes; readonly rounds: number };
}

/** Classes are numbered from 0 in all of these. */
export interface ClassCounts {
  /** Rows of each class. */
  readonly rows: Uint32Array;
  /** Subjects of each class; absent where the dataset names none. */
  readonly subjects?: PlaceCounts;
  /** Rows of each class by the accepted rows, where subjects were counted on those because the release does not tell them apart. */
  readonly recounted?: Uint32Array;
  readonly sensitive: readonly WrittenValues[];
  /** Of the columns that `listGeneralised` names, in any order. */
  readonly shownRows: readonly ShownRows[];
  /** Per class column what each class shows; asked for where the floor counts on a population's table. */
  readonly shown?: readonly (readonly (string | null)[])[];
}

/** Rows per class and value of one sensitive column, sorted by both. */
export interface WrittenValues {
  readonly column: string;
  /** Rows of each value in the whole delivery, by its code. */
  readonly reference: Uint32Array;
  /** Code of the missing value; −1 where none is missing. */
  readonly missing: number;
  readonly places: Uint32Array;
  /** −1 (as any code that `reference` does not have) for a value that the delivery does not have. */
  readonly codes: ArrayLike<number>;
  readonly rows: Uint32Array;
  /** Who has the values; absent where each row is a subject, or l does not speak of the column. */
  readonly holders?: WrittenHolders;
  /** Text of each value by its code; asked for where the floor's distance is hierarchical. */
  readonly values?: readonly (string | null)[];
}

/** Distinct subjects by the values that they have. */
interface WrittenHolders {
  /** Per cell of `WrittenValues`: who has the value in the class, and with how many rows. */
  readonly subjects: Uint32Array;
  readonly rows: Uint32Array;
  /** Per class: who has any value. */
  readonly known: Uint32Array;
}

/** The measures that follow from what was counted: the same for every engine. `levels`: of the class columns, as they were solved. */
export function assembleMeasurement(
  dataset: PlannedDataset,
  { rows, present, samples = [], subjects = rows, shared = [], classes, tracks }: ReleaseCounts,
  levels?: readonly number[],
): Omit<ReleaseMeasurement, 'sha256' | 'riskBefore'> {
  const cells = present.reduce((sum, count) => sum + count, 0);
  const completeness = rows === 0 ? 0 : cells / (rows * present.length);
  const searched = samples.map(searchSample);
  const common = { rows, completeness, searched, ...(shared.length > 0 && { shared }) };
  if (!classes) return { ...common, subjects };
  const bySubject = countClassSubjects(classes);
  const sizes = countSizes(bySubject, classes.rows);
  const k = bySubject.reduce((least, count) => Math.min(least, count), sizes.at(-1)?.subjects ?? 0);
  // Who cannot be told apart in the release cannot be followed either.
  const linked = classes.recounted === undefined && classes.subjects ? sizeLinkedGroups(classes.subjects) : undefined;
  return {
    ...common,
    subjects: countAll(bySubject, classes),
    classes: {
      k,
      classes: classes.rows.length,
      squaredRows: classes.rows.reduce((sum, count) => sum + count * count, 0),
      ...measureSensitive(dataset, classes),
      ...(dataset.privacy && measurePopulation(dataset, dataset.privacy, bySubject, classes.shown, levels)),
      classSizes: binClassSizes(sizes, dataset.privacy?.k ?? k),
      ...(linked && { linkedK: linked[0]?.subjects ?? 0 }),
    },
    riskAfter: measureRisk(linked ?? sizes),
    shown: classes.shownRows.map(sortShown),
    ...(tracks && { composition: measureComposition(tracks.groups, tracks.rounds) }),
  };
}

/** Class columns whose values are shown less precisely than they are, by their places among them. */
export function listGeneralised({ classColumns }: PlannedDataset): readonly number[] {
  return classColumns.flatMap(({ generalisation }, index) => (generalisation.kind === 'none' ? [] : [index]));
}

/** Engines differ in how they sort texts. */
function sortShown({ column, texts, rows }: ShownRows): ShownRows {
  const order = [...texts.keys()].sort((one, other) => compareShown([texts[one] ?? null], [texts[other] ?? null]));
  return { column, texts: order.map((at) => texts[at] ?? null), rows: order.map((at) => rows[at]!) };
}

/** Whether a receiver can follow a subject over its rows, and so can we. */
export function isFollowable({ columns, subject }: PlannedDataset): boolean {
  const treatment = columns.find(({ name }) => name === subject)?.treatment.kind;
  return treatment === 'token' || treatment === 'keep' || treatment === 'format-preserving';
}

/** Per class; 0 where it does not have the rows that the accepted rows say it has. */
function countClassSubjects({ rows, subjects, recounted }: ClassCounts): Uint32Array {
  if (!subjects) return rows;
  const counts = sumSubjects(subjects);
  return recounted ? counts.map((count, place) => (recounted[place] === rows[place] ? count : 0)) : counts;
}

function countAll(bySubject: Uint32Array, { subjects }: ClassCounts): number {
  if (!subjects) return bySubject.reduce((sum, count) => sum + count, 0);
  const { settled, spanning } = subjects;
  const spanningSubjects = spanning.numbers.length === 0 ? 0 : spanning.numbers.at(-1)! + 1;
  return settled.reduce((sum, count) => sum + count, spanningSubjects);
}

/** l and t of the written classes. As for the solver, a missing value is none for l, and one of its own for t. */
function measureSensitive(
  { privacy: floor, subject }: PlannedDataset,
  { rows, sensitive }: ClassCounts,
): Pick<MeasuredClasses, 'l' | 't'> {
  const l: MeasuredDiversity[] = [];
  const t: MeasuredClasses['t'][number][] = [];
  for (const written of sensitive) {
    const distributions = splitByClass(written, rows.length);
    const held = subject === undefined ? distributions : splitHolders(written, rows.length);
    for (const asked of floor?.l ?? [])
      if (held && asked.column === written.column) l.push(measureDiversity(asked, held, written.missing));
    for (const asked of floor?.t ?? []) {
      if (asked.column !== written.column) continue;
      const { column, distance: measure } = asked;
      const distance = findFarthest(asked, written, distributions);
      const released = keepReleasedValues(written);
      const ofReleased = findFarthest(asked, released, splitByClass(released, rows.length));
      if (distance !== undefined && ofReleased !== undefined) t.push({ column, measure, distance, ofReleased });
    }
  }
  return { l, t };
}

/** The greatest distance of a class from the reference. */
function findFarthest(
  asked: ClosenessFloor,
  written: WrittenValues,
  classes: readonly ClassDistribution[],
): number | undefined {
  const measureDistance = createWrittenDistance(asked, written);
  if (!measureDistance) return undefined;
  return classes.reduce((most, cells) => Math.max(most, measureDistance(cells)), 0);
}

/** With the released rows as its reference, and no code for a value that is not in them. */
function keepReleasedValues({ reference, codes, rows, values, ...written }: WrittenValues): WrittenValues {
  const released = new Uint32Array(reference.length);
  for (const [cell, count] of rows.entries()) if (codes[cell]! in released) released[codes[cell]!]! += count;
  const kept = [...released.keys()].filter((code) => released[code]! > 0);
  const placeOf = new Map(kept.map((code, place) => [code, place]));
  return {
    ...written,
    rows,
    reference: Uint32Array.from(kept, (code) => released[code]!),
    codes: Array.from(codes, (code) => placeOf.get(code) ?? kept.length),
    ...(values && { values: kept.map((code) => values[code]!) }),
  };
}

/** Nothing where the engine did not tell the values that a hierarchy speaks of: then t was not measured. */
function createWrittenDistance(asked: ClosenessFloor, { reference, values }: WrittenValues) {
  if (asked.distance !== 'hierarchical') return createDistance(reference, asked.distance);
  return values && createHierarchicalDistance(reference, values, asked.hierarchy);
}

/** Nothing where they were not counted, or of other rows than those of the release: then l was not measured. */
function splitHolders(written: WrittenValues, classes: number): readonly HeldValues[] | undefined {
  const { holders, rows } = written;
  if (!holders || holders.rows.some((count, cell) => count !== rows[cell])) return undefined;
  return splitByClass({ ...written, rows: holders.subjects }, classes).map((held, index) => ({
    ...held,
    known: holders.known[index]!,
  }));
}

function splitByClass({ places, codes, rows }: WrittenValues, classes: number): readonly ClassDistribution[] {
  const offsets = offsetsOf(places, classes);
  return Array.from({ length: classes }, (_, index): ClassDistribution => {
    const [from, to] = [offsets[index], offsets[index + 1]];
    return { codes: Array.prototype.slice.call(codes, from, to), rows: [...rows.subarray(from, to)] };
  });
}
