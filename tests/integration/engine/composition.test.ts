import { renameSync } from 'node:fs';
import fc from 'fast-check';
import type { PlannedDataset } from '../../../lib/domain/agreement/plan/plan';
import { keepTuples, makeTask, queryDuckDb, withEngine } from './engine-trial';
import { groupBy, makePeople, type Person, people, toJsonLines } from './random-rows';

/** Somebody's classes in every round, from the released rows themselves; absence is one of them. */
function compose(rounds: readonly (readonly string[][])[]) {
  const tracks = new Map<string, Set<string>[]>();
  for (const [round, rows] of rounds.entries()) {
    for (const [subject, ...shown] of rows) {
      if (subject === null) continue;
      const track = tracks.get(subject!) ?? rounds.map(() => new Set<string>());
      tracks.set(subject!, track);
      track[round]!.add(JSON.stringify(shown));
    }
  }
  const keys = [...tracks.values()].map((track) => JSON.stringify(track.map((classes) => [...classes].sort())));
  const sizes = [...groupBy(keys, (key) => key).values()].map((group) => group.length);
  return {
    rounds: rounds.length,
    subjects: tracks.size,
    leastGroup: sizes.length === 0 ? 0 : Math.min(...sizes),
    singledOut: sizes.filter((size) => size === 1).length,
    marketer: tracks.size === 0 ? 0 : sizes.length / tracks.size,
  };
}

async function readTracked(dataset: PlannedDataset, file: string): Promise<readonly string[][]> {
  const names = [dataset.subject!, ...dataset.classColumns.map(({ column }) => column)];
  const columns = names.map((name) => `CAST("${name}" AS VARCHAR)`).join(', ');
  return (await queryDuckDb(`SELECT ${columns} FROM read_parquet('${file}')`)) as readonly string[][];
}

test('what rounds tell together is what their released rows say, side by side', () =>
  fc.assert(
    fc.asyncProperty(fc.array(people, { minLength: 1, maxLength: 3 }), async (rounds) => {
      await withEngine(async ({ engine, write, path }) => {
        const dataset = makePeople('token');
        const earlier: string[] = [];
        for (const [round, rows] of rounds.entries()) {
          await engine.clean(dataset, write('people.jsonl', toJsonLines(rows as Person[])), path('quarantine.csv'));
          const solution = keepTuples(await engine.histogram(dataset), (tuple) => tuple % 3 === 2);
          const task = makeTask(dataset, path('release.parquet'), { solution, ...(round > 0 && { earlier }) });
          await engine.release(task);
          const { composition } = await engine.measure(task);
          const kept = path(`round-${round}.parquet`);
          renameSync(path('release.parquet'), kept);
          const files = await Promise.all([...earlier, kept].map((file) => readTracked(dataset, file)));
          expect(composition).toEqual(round === 0 ? undefined : compose(files));
          earlier.push(kept);
        }
      });
    }),
    { numRuns: 12, seed: 3 },
  ));

test('where all earlier releases are gone, this one is measured alone; where nobody can be followed, nothing is', () =>
  withEngine(async ({ engine, write, path }) => {
    const [rows] = fc.sample(people, { numRuns: 1, seed: 7 });
    for (const treatment of ['token', 'drop'] as const) {
      const dataset = makePeople(treatment);
      await engine.clean(dataset, write('people.jsonl', toJsonLines(rows!)), path('quarantine.csv'));
      const solution = keepTuples(await engine.histogram(dataset));
      const task = makeTask(dataset, path(`${treatment}.parquet`), { solution, earlier: [] });
      await engine.release(task);
      const { composition } = await engine.measure(task);
      expect(composition?.rounds).toBe(treatment === 'token' ? 1 : undefined);
    }
  }));
