import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { openSparkSession, type SparkSession } from '../../local-cloud/glue/spark-session';
import { makeTask, solve, withEngine } from '../engine/engine-trial';
import { makePeople, people, toJsonLines } from '../engine/random-rows';
import { OWN_KEYS, runThroughSpark } from './spark-trial';

let buckets: string;
let session: SparkSession;

beforeAll(() => {
  buckets = mkdtempSync(join(tmpdir(), 'spark-rounds-'));
  session = openSparkSession({ scratch: buckets, buckets });
});

afterAll(async () => {
  await session.close();
  rmSync(buckets, { recursive: true, force: true });
});

/** Under a load of other tests every one of Spark's small queries takes its time. */
jest.setTimeout(300_000);

test('rounds tell together what DuckDB says they do; a release that is gone is counted as missing', () =>
  withEngine(async ({ engine, write, path }) => {
    const dataset = makePeople('token');
    const rounds = fc.sample(people, { numRuns: 2, seed: 11 });
    const places = ['_escrow/gone/'];
    const files: string[] = [];
    for (const [round, rows] of rounds.entries()) {
      const file = write(`people-${round}.jsonl`, toJsonLines(rows));
      await engine.clean(dataset, file, path('quarantine.csv'));
      const solution = solve(dataset, await engine.histogram(dataset));
      const task = makeTask(dataset, path(`round-${round}.parquet`), { keys: OWN_KEYS, solution, earlier: [...files] });
      await engine.release(task);
      const { composition } = await engine.measure(task);
      const spark = await runThroughSpark(session, buckets, dataset, file, `run-${round}`, { earlier: [...places] });
      expect(spark.measurement.composition).toEqual(composition);
      expect(composition?.rounds).toBe(round + 1);
      // What lies beside a release is no part of it.
      writeFileSync(join(buckets, 'the-lake', spark.place, 'certificate.json'), '{}');
      places.push(spark.place);
      files.push(task.file);
    }
    expect(files).toHaveLength(2);
  }));
