import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EngineFailure } from '../../../lib/engine/engine-failure';
import { makeColumn, makeDataset, makeTask, queryDuckDb, withEngine } from './engine-trial';

const DATASET = makeDataset([
  makeColumn('id', 'string', { role: 'identifier', treatment: { kind: 'token' } }),
  makeColumn('n', 'integer'),
]);

/** Rows that do not fit into a few megabytes. */
const ROWS = 1_000_000;
const writeMany = (path: string) =>
  queryDuckDb(`COPY (SELECT md5(range::VARCHAR) AS id, range AS n FROM range(${ROWS})) TO '${path}'`);

test('memory that does not suffice is an error, not half a file', async () => {
  await withEngine(
    async ({ engine, path }) => {
      await writeMany(path('u.parquet'));
      const work = async () => {
        await engine.clean(DATASET, path('u.parquet'), path('q.csv'));
        await engine.release(makeTask(DATASET, path('out/r.parquet')));
      };
      await expect(work()).rejects.toMatchObject({
        name: 'EngineFailure',
        problem: 'The data does not fit into the memory that the engine may use',
        remedy: 'Allow it more (--memory), or free some space for what it puts aside on disk.',
      });
      expect(existsSync(path('out')) ? readdirSync(path('out')) : []).toEqual([]);
    },
    { memoryLimit: '10MB' },
  );
});

test('what does not fit into memory is put aside in the scratch folder alone, and taken away', async () => {
  await withEngine(
    async ({ engine, path, scratch }) => {
      await writeMany(path('u.parquet'));
      await engine.clean(DATASET, path('u.parquet'), path('q.csv'));
      let isPutAside = false;
      const looking = setInterval(() => {
        isPutAside ||= readdirSync(scratch, { recursive: true }).some((file) => String(file).startsWith('spill/'));
      }, 5);
      await engine.release(makeTask(DATASET, path('r.parquet'))).finally(() => clearInterval(looking));
      expect(isPutAside).toBe(true);
      const [[rows]] = (await queryDuckDb(`SELECT count(*)::INTEGER FROM '${path('r.parquet')}'`)) as [[number]];
      expect(rows).toBe(ROWS);
      expect(statSync(scratch).mode & 0o777).toBe(0o700);
    },
    { memoryLimit: '150MB' },
  );
});

test('closing while a query runs stops it and leaves nothing behind', async () => {
  await withEngine(async ({ engine, path, scratch }) => {
    await writeMany(path('u.parquet'));
    await engine.clean(DATASET, path('u.parquet'), path('q.csv'));
    const release = engine.release(makeTask(DATASET, path('r.parquet')));
    const refused = expect(release).rejects.toThrow(/interrupted|closed/i);
    while (!readdirSync(scratch).some((file) => file.endsWith('.parquet') || file.endsWith('.wal'))) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await engine.close();
    await refused;
    expect(readdirSync(scratch)).toEqual([]);
    expect(existsSync(path('r.parquet'))).toBe(false);
  });
});

test('a target that cannot be written leaves what was there', async () => {
  await withEngine(async ({ engine, path, write }) => {
    await engine.clean(DATASET, write('u.csv', 'id,n\na,1\n'), path('q.csv'));
    mkdirSync(path('taken/r.parquet'), { recursive: true });
    writeFileSync(path('taken/r.parquet/mine'), 'x');
    await expect(engine.release(makeTask(DATASET, path('taken/r.parquet')))).rejects.toThrow('could not be written');
    expect(readdirSync(path('taken'))).toEqual(['r.parquet']);
    expect(readFileSync(path('taken/r.parquet/mine'), 'utf8')).toBe('x');
    await expect(engine.release(makeTask(DATASET, join(path('u.csv'), 'r.parquet')))).rejects.toThrow(EngineFailure);
    // The engine is still of use.
    await engine.release(makeTask(DATASET, path('r.parquet')));
    expect(existsSync(path('r.parquet'))).toBe(true);
  });
});

test('an engine asked for a dataset that it did not clean says so', async () => {
  await withEngine(async ({ engine, path }) => {
    await expect(engine.histogram(DATASET)).rejects.toThrow('clean it before');
    await expect(engine.measure(makeTask(DATASET, path('r.parquet')))).rejects.toThrow('clean it before');
  });
});

test('errors quote no values', async () => {
  await withEngine(async ({ engine, path, write }) => {
    const columns = [makeColumn('n', 'integer', { missing: { kind: 'fill', value: '1' } })];
    const check = {
      text: 'n < s',
      condition: {
        kind: 'compare',
        op: '<',
        left: { kind: 'column', name: 'n' },
        right: { kind: 'text', value: 'secret-7' },
      },
    } as const;
    const dataset = makeDataset([{ ...columns[0]!, checks: [check] }]);
    const error: unknown = await engine
      .clean(dataset, write('u.csv', 'n\n1\n'), path('q.csv'))
      .catch((reason: unknown) => reason);
    if (error instanceof Error) expect(`${error.name} ${error.message} ${error.stack}`).not.toContain('secret-7');
  });
});
