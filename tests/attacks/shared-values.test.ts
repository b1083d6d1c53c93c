import { makePeople, type Person, toCsv } from './people';
import { releaseToAttack } from './release-to-attack';

const COLUMNS = {
  illness: '{ type: string, role: plain, treatment: { commonText: { k: 10 } } }',
  spent: '{ type: "decimal(10,2)", role: plain, treatment: { microaggregate: { k: 10 } } }',
};

/** What ten people have in common of whom one alone is released: the others stand alone in their classes. */
const TEXT = 'treated for HIV';

function makeDelivery(): readonly Person[] {
  const people = makePeople(300, 5).map((person, index) => ({
    ...person,
    age: 30 + (index % 5),
    zip: '1000',
    illness: index % 2 === 0 ? 'flu' : 'none',
    spent: (100 + (index % 40)).toFixed(2),
  }));
  const rare = people.slice(0, 10).map((person, index) => ({
    ...person,
    phone: `49900000${index}`,
    // The first is one of many; each of the others is the only one of that age.
    age: index === 0 ? 31 : 100 + 20 * index,
    illness: TEXT,
    spent: (900_000 + index).toFixed(2),
  }));
  return [...people, ...rare];
}

describe.each([['token'], ['drop']])(
  'what ten share of whom one is released, where the subject is treated by %s',
  (treatment) => {
    it('is not shown, and the certificate says by how many the rest is shared', async () => {
      const phone = `{ type: string, role: identifier, treatment: ${treatment} }`;
      const [released] = await releaseToAttack(
        { columns: { ...COLUMNS, phone }, privacy: '{ k: 10, suppressAtMost: 5% }' },
        toCsv(makeDelivery()),
      );
      expect(released!.outcome.kind).toBe('delivered');
      const rows = released!.rows.lab!;
      const { certificate, rows: counted } = released!.outcome.legs[0]!;
      expect(counted).toMatchObject({ suppressed: 9, released: 301 });
      expect(rows.filter(({ illness }) => illness === TEXT)).toEqual([]);
      expect(rows.filter(({ illness }) => illness === '***')).toHaveLength(1);
      const shown = new Map<string, number>();
      for (const { spent } of rows) shown.set(String(spent), (shown.get(String(spent)) ?? 0) + 1);
      for (const [value, sharers] of shown) {
        expect(sharers).toBeGreaterThanOrEqual(10);
        expect(Number(value)).toBeLessThan(1000);
      }
      const columns = Object.fromEntries(certificate!.columns.map((column) => [column.name, column]));
      expect(columns.illness!.sharedBy).toBe(150);
      expect(columns.spent!.sharedBy).toBe(Math.min(...shown.values()));
    });
  },
);
