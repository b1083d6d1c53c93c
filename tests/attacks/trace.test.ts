import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '../../examples/telco-retail/generator/random';
import type { Plan } from '../../lib/domain/agreement/plan/plan';
import { judgeTrace, type TraceVerdict } from '../../lib/domain/trace/judge-trace';
import { openDuckDbEngine } from '../../lib/engine/duckdb/duckdb-engine';
import { traceExtract } from '../../lib/rehearsal/trace-extract';
import { makePeople, toCsv } from './people';
import { type Released, type ReleasedRow, runRounds } from './release-to-attack';

const DOCUMENT = readFileSync(join(__dirname, '../../docs/watermark.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'trace-'));
const DELIVERY = toCsv(makePeople(12_000, 21));
let plan: Plan;
let released: Released;

beforeAll(async () => {
  const rounds = await runRounds(folder, { receivers: ['lab', 'shop', 'bank'], watermark: '1%' }, [DELIVERY]);
  plan = rounds.plan;
  released = rounds.released[0]!;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Leak {
  readonly share?: number;
  readonly without?: readonly string[];
  readonly noise?: number;
}

/** What somebody makes of a release before it is found: a part of it, in another order, without columns, with rows changed. */
function leak(rows: readonly ReleasedRow[], { share = 1, without = [], noise = 0 }: Leak): string {
  const random = createRandom(5);
  const names = Object.keys(rows[0]!).filter((name) => !without.includes(name));
  const kept = rows.filter(() => random.chance(share)).map((row) => ({ order: random.uniform(), row }));
  const lines = kept
    .toSorted((left, right) => left.order - right.order)
    .map(({ row }) => {
      const spent = random.chance(noise) ? String(random.integer(1, 120)) : row.spent;
      return names.map((name) => `"${name === 'spent' ? spent : (row[name] ?? '')}"`).join(',');
    });
  return [names.join(','), ...lines].join('\n').concat('\n');
}

async function trace(text: string, of: { plan: Plan; in: string } = { plan, in: folder }): Promise<TraceVerdict> {
  const extract = join(folder, 'extract.csv');
  writeFileSync(extract, text);
  return traceExtract({
    plan: of.plan,
    dataset: 'people',
    delivery: join(of.in, 'people-0.csv'),
    extract,
    keysFolder: join(of.in, 'keys'),
    scratch: mkdtempSync(join(folder, 'scratch-')),
    openEngine: (directory) => openDuckDbEngine({ directory, threads: 2 }),
    onProgress: () => {},
  });
}

test('a watermark is counted in the certificate, and the floor is measured after it', () => {
  for (const { rows, certificate } of released.outcome.legs.slice(0, 1)) {
    expect(rows!.marked).toBeGreaterThan(40);
    expect(rows!.marked! / rows!.received).toBeLessThan(0.015);
    expect(rows!.received).toBe(rows!.rejected + rows!.suppressed + rows!.marked! + rows!.released);
    expect(certificate!.privacy!.k).toBeGreaterThanOrEqual(10);
  }
});

const KEYED = ['phone', 'seen'];

function describeBound(bound: number): string {
  if (bound >= 0.01) return bound.toFixed(2);
  return `10^${Math.max(-99, Math.floor(Math.log10(bound)))}`;
}

describe('an extract of the lab’s release', () => {
  it.each<[string, Leak, readonly string[], readonly string[]]>([
    ['whole', {}, ['lab'], ['tokens', 'marks', 'dates']],
    ['a tenth, without tokens', { share: 0.1, without: ['phone'] }, ['lab'], ['marks', 'dates']],
    ['a tenth, without tokens and dates', { share: 0.1, without: KEYED }, ['lab'], ['marks']],
    ['a hundredth, without tokens and dates', { share: 0.01, without: KEYED }, [], ['marks']],
    ['half, without tokens and dates', { share: 0.5, without: KEYED }, ['lab'], ['marks']],
    ['nine tenths, without tokens and dates', { share: 0.9, without: KEYED }, ['lab'], ['marks']],
    ['half, also one row in twenty changed', { share: 0.5, without: KEYED, noise: 0.05 }, ['lab'], ['marks']],
    ['whole, without tokens, dates and amounts', { without: [...KEYED, 'spent'] }, ['lab'], ['marks']],
    ['whole, but for the quasi-identifiers nothing', { without: [...KEYED, 'spent', 'illness'] }, [], []],
  ])('%s', async (name, made, from, kinds) => {
    const verdict = await trace(leak(released.rows.lab!, made));
    const bounds = verdict.findings.map(({ falseAccusation }) => describeBound(falseAccusation));
    expect(verdict.findings.map(({ to }) => to)).toEqual(['lab', 'shop', 'bank']);
    expect(verdict.findings[0]!.evidence.map(({ kind }) => kind)).toEqual(kinds);
    expect(verdict.from).toEqual(from);
    expect(DOCUMENT).toContain(`| ${name} | ${from.length > 0 ? 'lab' : 'nobody'} | ${bounds.join(' | ')} |`);
  });
});

describe.each([
  ['merged with its neighbours', '{ type: "decimal(10,2)", role: plain, treatment: { microaggregate: { k: 5 } } }'],
  ['a text that few share', '{ type: string, role: plain, treatment: { commonText: { k: 5 } } }'],
])('a column whose values go by who is released: %s', (_, shown) => {
  let rounds: Awaited<ReturnType<typeof runRounds>>;
  const own = mkdtempSync(join(folder, 'shared-'));

  beforeAll(async () => {
    const terms = { receivers: ['lab', 'shop', 'bank'], watermark: '1%', columns: { fee: shown } };
    rounds = await runRounds(own, terms, [addFees(DELIVERY)]);
  });

  it.each(['lab', 'shop', 'bank'])('what leaked from the %s names nobody else', async (leaker) => {
    const extract = leak(rounds.released[0]!.rows[leaker]!, { without: KEYED });
    expect((await trace(extract, { plan: rounds.plan, in: own })).from).toEqual([leaker]);
  });
});

/** Each fee is shared by five to six people: leaving one of them out changes what the others show. */
function addFees(csv: string): string {
  const [head, ...lines] = csv.trimEnd().split('\n');
  const fee = (index: number) => `${10 + ((index * 7919) % Math.floor(lines.length / 5.5))}.00`;
  return [`${head},fee`, ...lines.map((line, index) => `${line},${fee(index)}`)].join('\n').concat('\n');
}

test('what the giver itself kept, unmarked and under other keys, is nobody’s', async () => {
  const own = mkdtempSync(join(folder, 'own-'));
  const rounds = await runRounds(own, { receivers: ['lab'], key: 'a5'.repeat(32) }, [DELIVERY]);
  const rows = rounds.released[0]!.rows.lab!;
  expect((await trace(leak(rows, {}))).from).toEqual([]);
  expect((await trace(leak(rows, { share: 0.5, without: KEYED }))).from).toEqual([]);
});

test('two receivers who mix their releases hide their marks, and their tokens name both', async () => {
  const mixed = [...released.rows.lab!, ...released.rows.shop!];
  expect((await trace(leak(mixed, { without: KEYED }))).from).toEqual([]);
  expect((await trace(leak(mixed, {}))).from.toSorted()).toEqual(['lab', 'shop']);
});

test('nobody is accused oftener than the bound says: 2,000 extracts of releases that have nothing to do with the key', () => {
  const random = createRandom(77);
  let accused = 0;
  for (let extract = 0; extract < 2000; extract++) {
    const marks = { all: 600, marked: 0, leaked: 0, both: 0 };
    for (let subject = 0; subject < 600; subject++) {
      const marked = random.chance(0.05);
      const leaked = random.chance(0.3);
      if (marked) marks.marked++;
      if (leaked) marks.leaked++;
      if (marked && leaked) marks.both++;
    }
    accused += judgeTrace([{ leg: 'a-b-c', to: 'b', rows: 180, known: 180, marks }]).from.length;
  }
  // One in a thousand: two are expected at most, and nine would be too many to be chance.
  expect(accused).toBeLessThan(9);
});
