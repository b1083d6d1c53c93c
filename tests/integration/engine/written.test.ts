import { InvalidDelivery } from '../../../lib/engine/invalid-delivery';
import { makeTask, queryDuckDb, withEngine } from './engine-trial';
import { makeWritten, WRITTEN } from './written-values';

test.each(WRITTEN)('%s written as %s: what is, and nothing else, is taken', async (type, written, values) => {
  const dataset = makeWritten(type, written);
  await withEngine(async ({ engine, path, write }) => {
    const lines = values.map(([given], row) => `${row};"${given}"`);
    const file = write('v.csv', ['row;value', ...lines].join('\n').concat('\n'));
    const { rejectedBy } = await engine.clean(dataset, file, path('q.csv'));
    await engine.release(makeTask(dataset, path('r.parquet')));
    const found = await queryDuckDb(`SELECT row, CAST(value AS VARCHAR) FROM '${path('r.parquet')}' ORDER BY row`);
    const taken = [...values.entries()].flatMap(([row, [, value]]) => (value === null ? [] : [[String(row), value]]));
    expect(found).toEqual(taken);
    for (const { reason } of rejectedBy) expect(reason).toMatch(/ written as |does not fit decimal/);
  });
});

test('texts in Parquet are read so, and numbers of its own are numbers', async () => {
  const dataset = makeWritten('decimal', '1.234,56');
  await withEngine(async ({ engine, path, write }) => {
    for (const [values, expected] of [
      [`('1.234'), ('1,5')`, ['1234.0000', '1.5000']],
      ['(CAST(1.234 AS DECIMAL(9, 3))), (CAST(1.5 AS DECIMAL(9, 3)))', ['1.2340', '1.5000']],
    ] as const) {
      write('v.parquet', '');
      await queryDuckDb(
        `COPY (SELECT CAST(row_number() OVER () AS BIGINT) AS row, value FROM (VALUES ${values}) AS v(value)) TO '${path('v.parquet')}'`,
      );
      await engine.clean(dataset, path('v.parquet'), path('q.csv'));
      await engine.release(makeTask(dataset, path('r.parquet')));
      const found = await queryDuckDb(`SELECT CAST(value AS VARCHAR) FROM '${path('r.parquet')}' ORDER BY row`);
      expect(found.flat()).toEqual(expected);
    }
  });
});

test('JSON, whose own numbers could be either, is refused for numbers, and taken for dates', async () => {
  await withEngine(async ({ engine, path, write }) => {
    const json = (value: unknown) => write('v.jsonl', `${JSON.stringify({ row: 1, value })}\n`);
    const numbers = makeWritten('decimal', '1.234,56');
    await expect(engine.clean(numbers, json(1.234), path('q.csv'))).rejects.toThrow(InvalidDelivery);
    await expect(engine.inspect(numbers, json('1,5'))).rejects.toMatchObject({
      problems: [{ problem: expect.stringContaining('which JSON does not write') }],
    });
    const { rejected } = await engine.clean(makeWritten('date', 'DD.MM.YYYY'), json('31.12.2026'), path('q.csv'));
    expect(rejected).toBe(0);
  });
});
