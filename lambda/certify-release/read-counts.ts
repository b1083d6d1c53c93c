import type { PlannedDataset } from '../../lib/domain/agreement/plan/plan';
import { listSearched, type ReleasedSample } from '../../lib/domain/discovery/search-release';
import {
  type ClassCounts,
  listGeneralised,
  type ReleaseCounts,
  type WrittenValues,
} from '../../lib/domain/privacy/certificate/assemble-measurement';
import type { MeasuredSharers, ShownRows } from '../../lib/domain/privacy/certificate/release-measurement';
import type { ClassValues } from '../../lib/domain/privacy/hierarchies/ladder';
import { assembleValues } from '../../lib/domain/privacy/histogram/assemble-histogram';
import type { ClassSizeCount } from '../../lib/domain/privacy/histogram/class-size-count';
import { listSensitive } from '../../lib/domain/privacy/histogram/list-sensitive';
import { listShared } from '../../lib/domain/privacy/histogram/list-shared';
import { scatter } from '../../lib/domain/privacy/histogram/place-counts';
import { listReleased, releasedName } from '../../lib/engine/sql/release-rows';
import { shownName } from '../../lib/engine/sql/treated-part';
import { toClassValues } from '../solve-generalisation/read-histogram';
import { IncompleteWork, type JobTables } from './read-tables';

/** What cleaning counted. */
interface CleaningCount {
  readonly received: number;
  readonly rejected: number;
  readonly rejectedBy: readonly { readonly reason: string; readonly rows: number }[];
}

export async function readCleaning(cleaning: JobTables): Promise<CleaningCount> {
  const received = sum(toNumbers((await cleaning.read('received', ['rows'])).rows));
  const found = await cleaning.read('rejected', ['reason', 'rows', 'rejected']);
  const [rows, rejected] = [toNumbers(found.rows), toNumbers(found.rejected)];
  const rejectedBy = found.reason
    .map((reason, index) => ({ reason: String(reason), rows: rows[index]! }))
    .filter((reason) => reason.rows > 0)
    .toSorted((left, right) => right.rows - left.rows || (left.reason < right.reason ? -1 : 1));
  return { received, rejected: sum(rejected), rejectedBy };
}

/** Sizes of the classes before treatment. */
export async function readSizesBefore(histogram: JobTables): Promise<readonly ClassSizeCount[]> {
  const found = await histogram.read('sizes_before', ['subjects', 'classes']);
  const classes = toNumbers(found.classes);
  return Array.from(toNumbers(found.subjects), (subjects, index) => ({ subjects, classes: classes[index]!, rows: 0 }))
    .filter(({ subjects }) => subjects > 0)
    .toSorted((left, right) => left.subjects - right.subjects);
}

/** The distinct accepted values of each class column. */
export async function readClassValues(dataset: PlannedDataset, histogram: JobTables): Promise<readonly ClassValues[]> {
  const found = await histogram.read('values', ['column', 'code', 'value']);
  const values = assembleValues(toClassValues(dataset, found), dataset.classColumns.length, 'values');
  return dataset.classColumns.map(({ column: name }, index) => ({ name, values: values[index]! }));
}

/** What was counted in a written release. */
export async function readCounts(dataset: PlannedDataset, measured: JobTables): Promise<ReleaseCounts> {
  const names = listReleased(dataset).map(releasedName);
  const cells = await measured.read('cells', ['rows', ...names]);
  const [rows] = toNumbers(cells.rows ?? []);
  if (rows === undefined) throw new IncompleteWork('The rows of the release were not counted. Run the delivery again.');
  const present = names.map((name) => toNumbers(cells[name] ?? [])[0] ?? 0);
  const samples = await readSamples(dataset, measured);
  const common = { rows, present, samples, shared: await readShared(dataset, measured) };
  if (dataset.classColumns.length > 0)
    return { ...common, classes: await readClasses(dataset, measured), ...(await readTracks(measured)) };
  if (dataset.subject === undefined) return common;
  const [subjects] = toNumbers((await measured.read('subjects', ['values'])).values);
  return { ...common, subjects: subjects ?? 0 };
}

/** Groups of subjects over this release and those that it was laid beside. */
async function readTracks(measured: JobTables): Promise<Pick<ReleaseCounts, 'tracks'>> {
  if (!measured.has('tracks')) return {};
  const { subjects, groups } = await measured.read('tracks', ['subjects', 'groups']);
  return {
    tracks: { groups: { subjects: toNumbers(subjects), groups: toNumbers(groups) }, rounds: measured.beside + 1 },
  };
}

/**
 * Rows that were left out as marks.
 * @throws IncompleteWork where none were drawn: what goes out could not be traced.
 */
export async function readMarked(measured: JobTables): Promise<number> {
  if (!measured.has('marked')) throw new IncompleteWork('The release has no watermark. Run the delivery again.');
  return sum(toNumbers((await measured.read('marked', ['rows'])).rows));
}

/** What was not counted is left out. */
async function readShared(dataset: PlannedDataset, measured: JobTables): Promise<readonly MeasuredSharers[]> {
  const shared = listShared(dataset);
  if (shared.length === 0 || !measured.has('shared')) return [];
  const found = await measured.read('shared', ['column', 'subjects']);
  return shared.flatMap(({ name }, place) => {
    const [at] = pick(found.column, place);
    if (at === undefined) return [];
    const subjects = found.subjects[at];
    return [{ column: name, subjects: subjects == null ? null : (toNumbers([subjects])[0] ?? null) }];
  });
}

async function readSamples(dataset: PlannedDataset, measured: JobTables): Promise<readonly ReleasedSample[]> {
  const searched = listSearched(dataset);
  if (searched.length === 0) return [];
  const found = await measured.read('samples', ['column', 'total', 'value']);
  return searched.map((index) => {
    const own = pick(found.column, index);
    const distinct = own.length === 0 ? 0 : Number(found.total[own[0]!]);
    return { column: dataset.columns[index]!.name, distinct, values: own.map((at) => String(found.value[at])) };
  });
}

async function readClasses(dataset: PlannedDataset, measured: JobTables): Promise<ClassCounts> {
  const isCounted = dataset.privacy?.population?.kind === 'counts';
  const generalised = listGeneralised(dataset);
  const shownNames = (isCounted ? [...dataset.classColumns.keys()] : generalised).map(shownName);
  const {
    place = [],
    rows = [],
    ...shown
  } = await measured.read<string>('class_rows', ['place', 'rows', ...shownNames]);
  const classes = place.length;
  const places = toNumbers(place);
  const classRows = scatter(places, toNumbers(rows), classes);
  const common = {
    rows: classRows,
    sensitive: await readSensitive(dataset, measured, classes),
    shownRows: generalised.map((index) => ({
      column: dataset.classColumns[index]!.column,
      ...sumShown(shown[shownName(index)] ?? [], rows),
    })),
    ...(isCounted && { shown: shownNames.map((name) => arrangeTexts(places, shown[name] ?? [])) }),
  };
  if (dataset.subject === undefined) return common;
  const settled = await measured.read('settled', ['place', 'subjects']);
  const spanning = await measured.read('spanning', ['number', 'place']);
  const subjects = {
    settled: scatter(toNumbers(settled.place), toNumbers(settled.subjects), classes),
    spanning: sortPairs(toNumbers(spanning.number), toNumbers(spanning.place)),
  };
  if (!measured.has('recounted')) return { ...common, subjects };
  const recounted = await measured.read('recounted', ['place', 'rows']);
  return {
    ...common,
    subjects,
    recounted: scatter(toNumbers(recounted.place), toNumbers(recounted.rows), classes),
  };
}

/** Classes that show the same in one column. */
function sumShown(texts: readonly unknown[], rows: readonly unknown[]): Omit<ShownRows, 'column'> {
  const sums = new Map<string | null, number>();
  for (const [at, count] of toNumbers(rows).entries()) {
    const text = typeof texts[at] === 'string' ? texts[at] : null;
    sums.set(text, (sums.get(text) ?? 0) + count);
  }
  return { texts: [...sums.keys()], rows: [...sums.values()] };
}

/** Texts by their places; every place is there once. */
function arrangeTexts(places: ArrayLike<number>, texts: readonly unknown[]): readonly (string | null)[] {
  const arranged: (string | null)[] = texts.map(() => null);
  for (const [at, text] of texts.entries()) arranged[places[at]!] = typeof text === 'string' ? text : null;
  return arranged;
}

function sortPairs(numbers: Uint32Array, places: Uint32Array) {
  const order = Uint32Array.from(numbers.keys()).sort(
    (left, right) => numbers[left]! - numbers[right]! || places[left]! - places[right]!,
  );
  return { numbers: order.map((at) => numbers[at]!), places: order.map((at) => places[at]!) };
}

async function readSensitive(
  dataset: PlannedDataset,
  measured: JobTables,
  classes: number,
): Promise<readonly WrittenValues[]> {
  const names = listSensitive(dataset.privacy);
  if (names.length === 0) return [];
  const reference = await measured.read('reference', ['column', 'code', 'rows', 'missing', 'value']);
  const written = await measured.read('written', ['column', 'place', 'code', 'rows']);
  const held = measured.has('holders') ? await openHolders(measured) : undefined;
  return names.map((column, index) => {
    const known = pick(reference.column, index);
    const size = known.length;
    const code = (at: number) => Number(reference.code[at]);
    const cells = pick(written.column, index).toSorted(
      (left, right) =>
        Number(written.place[left]) - Number(written.place[right]) ||
        Number(written.code[left]) - Number(written.code[right]),
    );
    const isClimbed = dataset.privacy?.t.some((asked) => asked.column === column && asked.distance === 'hierarchical');
    const values = () =>
      arrangeTexts(
        known.map(code),
        known.map((at) => reference.value[at]),
      );
    return {
      column,
      ...(isClimbed && { values: values() }),
      reference: scatter(
        Uint32Array.from(known, code),
        Uint32Array.from(known, (at) => Number(reference.rows[at])),
        size,
      ),
      missing: known.filter((at) => reference.missing[at] === true).map(code)[0] ?? -1,
      places: Uint32Array.from(cells, (at) => Number(written.place[at])),
      // No code of the reference is as high as what −1 becomes.
      codes: Uint32Array.from(cells, (at) => Number(written.code[at])),
      rows: Uint32Array.from(cells, (at) => Number(written.rows[at])),
      ...held?.(
        index,
        classes,
        cells.map((at) => `${written.place[at]} ${written.code[at]}`),
      ),
    };
  });
}

/** Subjects by value, in the order of the written cells. Nothing where they are of other cells: then l is not measured. */
async function openHolders(measured: JobTables) {
  const holders = await measured.read('holders', ['column', 'place', 'code', 'subjects', 'rows']);
  const known = await measured.read('known', ['column', 'place', 'subjects']);
  return (index: number, classes: number, cells: readonly string[]): Pick<WrittenValues, 'holders'> => {
    const own = pick(holders.column, index);
    const found = new Map(own.map((at) => [`${holders.place[at]} ${holders.code[at]}`, at]));
    const order = cells.flatMap((cell) => found.get(cell) ?? []);
    if (own.length !== cells.length || order.length !== cells.length) return {};
    const counts = (column: readonly unknown[]) => toNumbers(order.map((at) => column[at]));
    const at = pick(known.column, index);
    return {
      holders: {
        subjects: counts(holders.subjects),
        rows: counts(holders.rows),
        known: scatter(
          toNumbers(at.map((place) => known.place[place])),
          toNumbers(at.map((place) => known.subjects[place])),
          classes,
        ),
      },
    };
  };
}

/** Rows of a table that are about one column. */
function pick(columns: readonly unknown[], wanted: number): readonly number[] {
  return [...columns.keys()].filter((at) => Number(columns[at]) === wanted);
}

function sum(numbers: Uint32Array): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** INT32 comes as numbers, INT64 as big integers; anything else is no count. */
function toNumbers(values: readonly unknown[]): Uint32Array {
  return Uint32Array.from(values, (value) => {
    const number = typeof value === 'bigint' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number >= 2 ** 32)
      throw new IncompleteWork('The job left a number that cannot be a count. Run the delivery again.');
    return number;
  });
}
