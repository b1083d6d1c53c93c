import fc from 'fast-check';
import type { PlannedDataset } from '../../../lib/domain/agreement/plan/plan';
import { solveDataset } from '../../../lib/domain/exchange/gates/solve-dataset';
import { judgeRelease } from '../../../lib/domain/privacy/certificate/judge-release';
import type { PrivacyFloor } from '../../../lib/domain/privacy/models/privacy-floor';
import type { RecodingMode } from '../../../lib/domain/privacy/search/recoding';
import type { Solution } from '../../../lib/domain/privacy/search/solution';
import { makeTask, type Trial, withEngine } from './engine-trial';
import { makePeople, type Person, toJsonLines } from './random-rows';

/** Classes by age alone: as it is, by twos, or not told. */
function makeFollowed(risk: PrivacyFloor['risk'], suppressAtMost: number) {
  const { classColumns, ...dataset } = makePeople('token');
  const floor: PrivacyFloor = { k: 1, l: [], t: [], suppressAtMost, ...(risk && { risk }) };
  return { ...dataset, classColumns: classColumns.filter(({ column }) => column === 'age'), privacy: floor };
}

/** Where k asks of classes what the risk asks of groups: as if classes were all that there is to see. */
function byClasses({ privacy: { risk, ...privacy }, ...dataset }: ReturnType<typeof makeFollowed>) {
  return { ...dataset, privacy: { ...privacy, k: Math.ceil(1 / (risk?.maximum ?? 1)) } };
}

async function solveFor({ engine, write, path }: Trial, dataset: PlannedDataset, rows: readonly Person[]) {
  await engine.clean(dataset, write('people.jsonl', toJsonLines(rows)), path('quarantine.csv'));
  return solveDataset(dataset, dataset.privacy!, await engine.histogram(dataset), { kind: 'free' });
}

/** What is wrong with the release by this solution, as the certificate would say. */
async function judge({ engine, path }: Trial, dataset: PlannedDataset, rows: number, solution: Solution) {
  const task = makeTask(dataset, path('release.parquet'), { solution });
  const released = await engine.release(task);
  const measured = await engine.measure(task);
  const { suppressedRows } = solution;
  const counts = { received: rows, rejected: 0, rejectedBy: [], suppressed: suppressedRows, marked: 0 };
  const failures = judgeRelease(dataset.privacy, measured, { ...counts, released: rows - suppressedRows });
  return { failures, released, linkedK: measured.classes?.linkedK };
}

const person = (id: string, age: number): Person => ({
  id,
  age: String(age),
  town: null,
  code: null,
  illness: null,
  pay: null,
});
const settle = (from: number, to: number, age: number) =>
  Array.from({ length: to - from }, (_, index) => person(`p${from + index}`, age));
/** Six of age 0, six of age 3, and who was both. */
const MOVED = [...settle(0, 6, 0), ...settle(6, 12, 3), person('mover', 0), person('mover', 3)];

test('who would be alone in two classes is not: the release that was withheld goes out at coarser levels', () =>
  withEngine(async (trial) => {
    const dataset = makeFollowed({ maximum: 0.5 }, 0);
    const { solution: before } = await solveFor(trial, byClasses(dataset), MOVED);
    const withheld = await judge(trial, dataset, MOVED.length, before!);
    expect(withheld).toMatchObject({
      linkedK: 1,
      failures: [
        'its greatest risk, of a subject that is followed over its rows in several classes, is 100 % where the agreement allows 50 %',
      ],
    });
    const { solution } = await solveFor(trial, dataset, MOVED);
    expect([before!.levels, solution!.levels]).toEqual([[0], [2]]);
    expect((await judge(trial, dataset, MOVED.length, solution!)).failures).toEqual([]);
  }));

test('or with some classes left out, where that is less', () =>
  withEngine(async (trial) => {
    const dataset = makeFollowed({ maximum: 0.5 }, 0.3);
    const rows = [...settle(0, 6, 0), ...settle(6, 12, 3), person('mover', 0), person('mover', 5)];
    const { solution } = await solveFor(trial, dataset, rows);
    expect(solution).toMatchObject({ levels: [0], suppressedRows: 1, classes: 2 });
    expect(await judge(trial, dataset, rows.length, solution!)).toMatchObject({ failures: [], linkedK: undefined });
  }));

/** Everybody has rows at one age, and one row in ten elsewhere. */
const homely = fc.array(
  fc
    .record({ home: fc.nat(23), age: fc.nat(5), away: fc.nat(9) })
    .map(({ home, age, away }) => person(`p${home}`, away === 0 ? age : home % 4)),
  { minLength: 20, maxLength: 60 },
);

test('whoever is in the delivery: nothing that is solved is withheld for its risk', () =>
  withEngine(async (trial) => {
    let saved = 0;
    const risks = fc.constantFrom(
      { maximum: 0.34 },
      { maximum: 0.5 },
      { average: 0.4 },
      { average: 0.5, maximum: 0.5 },
    );
    const spared = fc.constantFrom(0, 0.2, 0.4);
    const modes = fc.constantFrom<RecodingMode>('full-domain', 'multidimensional');
    const cases = fc.asyncProperty(homely, risks, spared, modes, async (rows, risk, suppressAtMost, mode) => {
      const dataset = { ...makeFollowed(risk, suppressAtMost), recoding: { mode, metric: 'loss' as const } };
      const { solution } = await solveFor(trial, dataset, rows);
      if (!solution) return;
      expect((await judge(trial, dataset, rows.length, solution)).failures).toEqual([]);
      const { solution: before } = await solveFor(trial, byClasses(dataset), rows);
      if (!before) return;
      const { failures } = await judge(trial, dataset, rows.length, before);
      if (failures.some((failure) => failure.includes('followed'))) saved += 1;
    });
    await fc.assert(cases, { numRuns: 20, seed: 11 });
    expect(saved).toBeGreaterThan(2);
  }));
