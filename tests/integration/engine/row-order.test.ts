import { readFileSync } from 'node:fs';
import type { Expression } from '../../../lib/domain/agreement/expressions/expression';
import { makeColumn, makeDataset, withEngine } from './engine-trial';

/** `x in ('v0', …, 'v<values − 1>')`: DuckDB makes a join of a long list, and joins keep no order. */
function isOneOf(column: string, values: number): Expression {
  const list = Array.from({ length: values }, (_, i) => ({ kind: 'text' as const, value: `v${i}` }));
  return { kind: 'in', operand: { kind: 'column', name: column }, values: list };
}

describe('the rows of a text file', () => {
  it.each([3, 12])(
    'keep their numbers, whatever conditions they are held against (in a list of %d)',
    async (values) => {
      const check = { text: 'kind in (…)', condition: isOneOf('kind', values) };
      const dataset = makeDataset([
        makeColumn('number', 'integer'),
        makeColumn('kind', 'string', { checks: [check] }),
        makeColumn('active', 'boolean', { missing: { kind: 'reject' } }),
        makeColumn('remark', 'string'),
      ]);
      // Wide enough that the file is read in several parts at once.
      const remark = 'x'.repeat(120);
      const rows = 300_000;
      const ragged = new Set([7, 1234, 150_000, 250_001, 299_999]);
      const broken = new Set([0, 4321, 200_002]);
      const lines = Array.from({ length: rows }, (_, i) =>
        ragged.has(i) ? `${i}` : `${i},${broken.has(i) ? 'none' : `v${i % values}`},${i % 2 === 0},${remark}`,
      );
      await withEngine(async ({ engine, write, path }) => {
        const file = write('rows.csv', `number,kind,active,remark\n${lines.join('\n')}\n`);
        const delivery = await engine.clean(dataset, file, path('quarantine.csv'));
        expect(delivery).toMatchObject({ received: rows, rejected: ragged.size + broken.size });
        const quarantined = readFileSync(path('quarantine.csv'), 'utf8').trim().split(/\r?\n/).slice(1);
        for (const line of quarantined) {
          const [, row, , number] = line.split(',');
          expect(number).toBe(String(Number(row) - 1));
        }
        expect(quarantined).toHaveLength(ragged.size + broken.size);
      });
    },
  );
});
