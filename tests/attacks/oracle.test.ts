import canonicalize from 'canonicalize';
import { createDistance } from '../../lib/domain/privacy/models/class-distances';
import { makePeople, type Person, toCsv } from './people';
import { type Released, releaseToAttack } from './release-to-attack';

/**
 * The attacker holds the release and knows all rows of the delivery but one value of one person. Every value is tried: those
 * that would have given the certificate that there is stay possible.
 */

const TERMS = {
  columns: { illness: '{ type: integer, role: sensitive }' },
  privacy: '{ k: 10, l: { illness: 2 }, t: { illness: 0.9 }, suppressAtMost: 5% }',
};
const BANDS = ['1', '2', '3', '4', '5', '6', '7', '8'];

/** 201 people; the last one is alone at the age of 97. */
function makeDelivery(seed: number): readonly Person[] {
  const people = makePeople(200, seed).map((person, index) => ({
    ...person,
    age: 20 + (person.age % 40),
    zip: '1000',
    illness: BANDS[(index * index + person.age) % BANDS.length]!,
  }));
  return [...people, { ...people[0]!, phone: '4990000000', age: 97 }];
}

/** What the certificate says; files differ by their keys. */
function readCertificate(released: Released): string {
  expect(released.outcome.kind).toBe('delivered');
  const { hashes: _, ...figures } = released.outcome.legs[0]!.certificate!;
  return canonicalize(figures)!;
}

/** The certificate, by what somebody's value would have been. */
async function tryValues(
  people: readonly Person[],
  at: number,
  values: readonly Partial<Person>[],
): Promise<readonly string[]> {
  const certificates: string[] = [];
  for (const value of values) {
    const guessed = people.map((person, index) => (index === at ? { ...person, ...value } : person));
    const [released] = await releaseToAttack(TERMS, toCsv(guessed));
    certificates.push(readCertificate(released!));
  }
  return certificates;
}

test.each([1, 3, 4])(
  'which of eight bands somebody has who was suppressed, no certificate tells (%d)',
  async (seed) => {
    const people = makeDelivery(seed);
    const [released] = await releaseToAttack(TERMS, toCsv(people));
    const { rows } = released!.outcome.legs[0]!.certificate!;
    expect(released!.outcome.legs[0]!.rows).toMatchObject({ suppressed: 1 });
    expect(rows).toMatchObject({ suppressed: 10, released: 200 });
    expect(rows.received).toBe(rows.rejected + rows.suppressed + rows.released);

    const certificates = await tryValues(
      people,
      people.length - 1,
      BANDS.map((illness) => ({ illness })),
    );
    expect(new Set(certificates).size).toBe(1);

    // The attack is a good one: the exact distance from all accepted rows is that of one band.
    const exact = BANDS.map((band) => measureExact(released!, band));
    expect(new Set(exact).size).toBe(BANDS.length);
  },
);

/** The greatest distance of a class, had somebody this band who is in none. */
function measureExact(released: Released, band: string): number {
  const rows = released.rows.lab!;
  const count = (of: readonly { readonly illness?: string | null }[]) =>
    BANDS.map((each) => of.filter(({ illness }) => String(illness) === each).length);
  const distance = createDistance(count([...rows, { illness: band }]), 'ordered');
  const classes = new Map<string, typeof rows>();
  for (const row of rows) {
    const shown = `${row.age} ${row.zip} ${row.sex}`;
    classes.set(shown, [...(classes.get(shown) ?? []), row]);
  }
  return Math.max(...[...classes.values()].map((own) => distance({ codes: [...BANDS.keys()], rows: count(own) })));
}

test('how old somebody is within what is shown, certificates tell little more than guessing does', async () => {
  const found: number[] = [];
  for (const seed of [1, 2, 3, 4, 5]) {
    const people = makeDelivery(seed);
    const within = people[7]!.age - (people[7]!.age % 5);
    const ages = [0, 1, 2, 3, 4].map((more) => ({ age: within + more }));
    // Of the ages that give the same certificate any may be it: so many different ones, so many ages are found out in five.
    found.push(new Set(await tryValues(people, 7, ages)).size / ages.length);
  }
  // One in five is the base rate. A rounded figure is another where one person takes it over a step.
  expect(found.reduce((sum, rate) => sum + rate, 0) / found.length).toBeLessThan(0.3);
});
