import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '../../../examples/telco-retail/generator/random';
import { loadAgreement } from '../../../lib/cli/read/load-agreement';
import type { FileProfile } from '../../../lib/domain/discovery/column-profile';
import { profileFile } from '../../../lib/engine/duckdb/profile-file';
import { MADE_COLUMNS } from '../../fixtures/personal-columns';
import { queryDuckDb } from '../engine/engine-trial';
import { runBarter } from './small-swap';

const folder = mkdtempSync(join(tmpdir(), 'barter-scan-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string) => join(folder, name);
const HEADER = ['customer_id', 'Name', 'e-mail', 'born', 'plz', 'plan', 'diagnosis', 'visited', 'spent', 'ticket'];

/** Three rows of each of 400 customers. */
function makeRows(): readonly (readonly string[])[] {
  const random = createRandom(11);
  const make = (header: string) => MADE_COLUMNS.find((column) => column.header === header)!.make(random);
  return Array.from({ length: 400 }, (_, customer) => {
    const own = [
      `K${100_000 + customer}`,
      make('customer name'),
      `${make('email')}`,
      make('geburtsdatum'),
      make('PLZ'),
    ];
    const plan = ['basic', 'plus', 'family'][random.integer(0, 2)]!;
    return Array.from({ length: 3 }, (_, visit) => [
      ...own,
      plan,
      make('diagnosis'),
      `2025-0${visit + 1}-${String(random.integer(10, 28))}`,
      (random.uniform() * 90).toFixed(2),
      `T${customer}-${visit}-${random.integer(1, 9)}`,
    ]);
  }).flat();
}

const ROWS = makeRows();
const toCsv = (delimiter: string) =>
  [HEADER, ...ROWS]
    .map((row) => row.join(delimiter))
    .join('\n')
    .concat('\n');
const scan = (...args: readonly string[]) => runBarter(folder, 'scan', ...args);

beforeAll(async () => {
  mkdirSync(path('scratch'));
  writeFileSync(path('visits.csv'), toCsv(';'));
  const objects = ROWS.map((row) =>
    JSON.stringify(Object.fromEntries(row.map((value, index) => [HEADER[index], value]))),
  );
  writeFileSync(path('visits.jsonl'), objects.join('\n'));
  await queryDuckDb(
    `COPY (SELECT * REPLACE (CAST(born AS DATE) AS born, CAST(spent AS DOUBLE) AS spent)
FROM read_csv('${path('visits.csv')}', delim = ';', header = true, all_varchar = true)) TO '${path('visits.parquet')}'`,
  );
});

describe('barter scan', () => {
  it.each(['visits.csv', 'visits.jsonl', 'visits.parquet'])('proposes a role for every column of %s', (file) => {
    const { status, stdout } = scan(file);
    expect(status).toBe(0);
    const proposed = (name: string) => stdout.match(new RegExp(`^  ${name} +(\\w+) +(\\w+)`, 'm'))?.slice(1);
    expect(proposed('customer_id')).toEqual(['identifier', 'token']);
    expect(proposed('Name')).toEqual(['identifier', 'drop']);
    expect(proposed('e-mail')).toEqual(['identifier', 'drop']);
    expect(proposed('born')).toEqual(['quasi', 'generalise']);
    expect(proposed('plz')).toEqual(['quasi', 'generalise']);
    expect(proposed('plan')).toEqual(['quasi', 'generalise']);
    expect(proposed('diagnosis')).toEqual(['sensitive', 'keep']);
    expect(proposed('visited')).toEqual(['plain', 'dateShift']);
    expect(proposed('spent')).toEqual(['plain', 'keep']);
    expect(proposed('ticket')).toEqual(['identifier', 'drop']);
    expect(stdout).toContain('rows are about customer_id');
  });

  it('takes numbers that are too long to count with, and all different, for keys', () => {
    const rows = Array.from({ length: 100 }, (_, i) => `${10n ** 19n + BigInt(i * 7919)},${i % 7}.5`);
    writeFileSync(path('long.csv'), ['ref,amount', ...rows].join('\n').concat('\n'));
    const { columns } = JSON.parse(scan('long.csv', '--json').stdout) as FileProfile;
    expect(columns.map(({ type }) => type.kind)).toEqual(['string', 'decimal']);
    expect(scan('long.csv').stdout).toMatch(/ref +identifier drop/);
  });

  it('takes a sex for a quasi-identifier, however short its name, and says of amounts that nobody else has what they tell', () => {
    const rows = Array.from({ length: 100 }, (_, i) => `${'mw'[i % 2]},${i * 7}.25,${i % 5}.50`);
    writeFileSync(path('short.csv'), ['geschl,betrag,rabatt', ...rows].join('\n').concat('\n'));
    const { stdout } = scan('short.csv');
    expect(stdout).toMatch(/geschl +quasi +generalise/);
    expect(stdout).toMatch(/betrag +plain +keep .*who knows it finds the row/);
    expect(stdout).not.toMatch(/rabatt .*who knows it/);
  });

  const people = Array.from({ length: 40 }, (_, i) => `${i},${20 + (i % 30)}`);

  it.each([
    ['ragged throughout', ['id,age', '2', '3,31,4'], /header has 2 columns, divided by ",", and record 2 .* has 1/],
    ['ragged in a quarter', ['id;age', '1;2', '1;2', '1;2', '1;2;3'], /divided by ";", and record 5 .* has 3/],
  ])('does not guess what a file is that is %s', (_, lines, told) => {
    writeFileSync(path('ragged.csv'), lines.join('\n').concat('\n'));
    const { status, stderr } = scan('ragged.csv');
    expect(status).toBe(2);
    expect(stderr).toMatch(told);
  });

  it('says where few records are ragged, and looks at the others', () => {
    writeFileSync(path('ragged.csv'), ['id,age', ...people, '7,8,9'].join('\n').concat('\n'));
    const { status, stdout } = scan('ragged.csv');
    expect(status).toBe(0);
    expect(stdout).toContain('ragged.csv: 40 rows, 2 columns');
    expect(stdout).toContain('1 record is not looked at');
    expect(stdout).toContain('the first is record 41 after the header: 3 fields instead of 2');
  });

  describe('of numbers and dates that are written otherwise', () => {
    const profile = async (name: string, values: readonly string[]) => {
      writeFileSync(
        path(name),
        ['value;row', ...values.map((value, row) => `"${value}";${row}`)].join('\n').concat('\n'),
      );
      const { columns } = await profileFile(path(name), { directory: path('scratch'), onProgress: () => {} });
      const { type, written, readings } = columns[0]!;
      return { kind: type.kind, written, readings };
    };
    const many = (make: (row: number) => string) => Array.from({ length: 120 }, (_, row) => make(row));

    it.each<[string, readonly string[], object]>([
      ['a comma', many((row) => `${row},${10 + (row % 90)}`), { kind: 'decimal', written: '1.234,56' }],
      ['points and a comma', many((row) => `${1 + row}.000,5`), { kind: 'decimal', written: '1.234,56' }],
      ['spaces', many((row) => `${1 + row} 000`), { kind: 'integer', written: '1 234,56' }],
      ['commas and a point', many((row) => `${1 + row},000.25`), { kind: 'decimal', written: '1,234.56' }],
      [
        'days that are no months',
        many((row) => `${1 + (row % 28)}/${1 + (row % 12)}/2026`),
        { kind: 'date', written: 'DD/MM/YYYY' },
      ],
      [
        'a German date and time',
        many((row) => `${1 + (row % 12)}.01.2026 10:00`),
        { kind: 'timestamp', written: 'DD.MM.YYYY' },
      ],
      ['whole numbers', many(String), { kind: 'integer' }],
      ['numbers with a point', many((row) => `${row}.${row % 10}5`), { kind: 'decimal' }],
      ['weights below one', many((row) => `0.${100 + row}`), { kind: 'decimal' }],
    ])('tells %s', async (name, values, found) => {
      expect(await profile(`${name}.csv`, values)).toEqual(found);
    });

    it.each<[string, readonly string[], readonly string[]]>([
      ['thousands or thousandths', many((row) => `${1 + row}.${100 + row}`), ['1234.56', '1.234,56']],
      ['the same by commas', many((row) => `${1 + row},${100 + row}`), ['1.234,56', '1,234.56']],
      ['days or months', many((row) => `0${1 + (row % 9)}/0${1 + (row % 8)}/2026`), ['DD/MM/YYYY', 'MM/DD/YYYY']],
    ])('does not guess between %s', async (name, values, readings) => {
      expect(await profile(`${name}.csv`, values)).toEqual({ kind: 'string', readings });
      expect(scan(`${name}.csv`).stdout).toMatch(/value +plain +drop +could be written as/);
    });
  });

  it('takes one column for one, whatever its values and its quoted name hold', () => {
    writeFileSync(path('one.csv'), '"notes, long"\nyes\nyes, and no\n');
    expect(scan('one.csv').stdout).toContain('2 rows, 1 columns');
  });

  it('says exactly who stands alone', async () => {
    const { risk, rows } = JSON.parse(scan('visits.csv', '--json').stdout) as FileProfile;
    expect(rows).toBe(1200);
    const [worst] = risk.worst;
    expect(worst?.alone).toBeGreaterThan(0.9);
    for (const { columns, alone } of risk.worst) {
      const names = columns.map((name) => `"${name}"`).join(', ');
      const [[expected] = []] = await queryDuckDb(
        `SELECT coalesce(sum(n), 0) / 1200.0 FROM (SELECT count(*) AS n FROM read_csv('${path('visits.csv')}', delim = ';', header = true, all_varchar = true)
GROUP BY ${names} HAVING count(DISTINCT customer_id) = 1)`,
      );
      expect(alone).toBeCloseTo(Number(expected), 10);
    }
  });

  it('never prints a value, nor writes one into the draft', () => {
    const { stdout, stderr } = scan('visits.csv', '--out', 'private.yaml');
    const said = stdout + stderr + readFileSync(path('private.yaml'), 'utf8');
    const figures = scan('visits.csv', '--json').stdout;
    for (const row of ROWS.slice(0, 300)) {
      for (const place of [0, 1, 2, 3, 4, 6, 9]) expect(said).not.toContain(row[place]);
      // A postcode's five digits may well stand somewhere in a share.
      for (const place of [0, 1, 2, 3, 6, 9]) expect(figures).not.toContain(row[place]);
    }
  });

  it('drafts an agreement in which only what people must say is missing', () => {
    expect(scan('visits.csv', '--out', 'a/new/draft.yaml').status).toBe(0);
    const loaded = loadAgreement(path('a/new/draft.yaml'));
    if (loaded.kind === 'valid') throw new Error('A draft cannot be whole.');
    const places = loaded.findings.filter(({ severity }) => severity === 'error').map(({ path: place }) => place);
    expect(places.filter((place) => !/^(parties\.|term\.(starts|ends)|legs\[0\]\.purposes)/.test(place))).toEqual([]);
    const draft = readFileSync(path('a/new/draft.yaml'), 'utf8');
    // A postcode of digits is no number: another delivery may hold one that begins with 0.
    expect(draft).toContain('plz: { type: string, role: quasi,');
    const person = draft
      .replaceAll('name:                        # the company', 'name: A company')
      .replace('account:  ', 'account: "111122223333" # ')
      .replace('account:   ', 'account: "444455556666" # ')
      .replaceAll('jurisdiction:  ', 'jurisdiction: EU # ')
      .replaceAll('exchange: , privacy: ', 'exchange: a@b.example, privacy: a@b.example')
      .replace('starts: , ends: ', 'starts: 2026-01-01, ends: 2026-12-31')
      .replace('purposes: []', 'purposes: [CommercialResearch]')
      .replace('  giver:', '  giver:\n    getsNothing: "2"')
      .replace('  receiver:', '  receiver:\n    givesNothing: "2"')
      .concat('  - { id: "2", text: A gift., legalOnly: true }\n');
    writeFileSync(path('complete.yaml'), person);
    const checked = runBarter(folder, 'check', 'complete.yaml');
    expect(checked.stderr).not.toMatch(/ (error|warning): /);
    expect(checked.status).toBe(0);
    const rehearsed = runBarter(folder, 'rehearse', 'complete.yaml', '--data', 'visits=visits.csv', '--out', 'round');
    expect([0, 3]).toContain(rehearsed.status);
  });

  const mistakes: readonly [string, readonly string[], RegExp][] = [
    ['a file that is not there', ['nowhere.csv'], /no file or folder nowhere\.csv/],
    ['no file at all', [], /missing required argument/],
    ['an empty file', ['empty.csv'], /empty/],
    ['a header alone', ['header.csv'], /no rows/],
    ['a column named twice', ['twice.csv'], /more than once/],
    ['a binary file', ['binary.csv'], /binary/],
    ['a draft that is there already', ['visits.csv', '--out', 'visits.csv'], /is there already/],
    ['a draft in a folder that is a file', ['visits.csv', '--out', 'visits.csv/draft.yaml'], /cannot be written/],
    ['nested Parquet', ['nested.parquet'], /nested/],
    ['a file that begins with a row', ['rows.csv', '--out', 'rows.yaml'], /values, [^@]*\(column 2, 3, 4, 7, 8, 9\)/],
  ];

  it.each(mistakes)('refuses %s with 2, and says so', async (_, args, told) => {
    writeFileSync(path('empty.csv'), '');
    writeFileSync(path('header.csv'), 'a,b\n');
    writeFileSync(path('twice.csv'), 'a,a\n1,2\n');
    writeFileSync(path('rows.csv'), toCsv(';').split('\n').slice(1).join('\n'));
    writeFileSync(path('binary.csv'), Buffer.from([0, 1, 2, 3, 0, 0, 10]));
    await queryDuckDb(`COPY (SELECT {'b': 1} AS a) TO '${path('nested.parquet')}'`);
    const { status, stderr, stdout } = scan(...args);
    expect(stderr).toMatch(told);
    expect(status).toBe(2);
    expect(stdout).toBe('');
  });
});
