import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readParquet } from './read-parquet';
import { makeSmallSwap, REHEARSE, runBarter } from './small-swap';

let folder: string;
beforeEach(() => {
  folder = makeSmallSwap();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const put = (file: string, text: string) => writeFileSync(join(folder, file), text);
const read = (...path: readonly string[]) => readFileSync(join(folder, 'out', ...path), 'utf8');
const inboxes = () => ['north', 'south'].filter((party) => existsSync(join(folder, 'out', party, 'inbox')));
const parquetFiles = () =>
  readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.parquet'));

const HEADER = 'id,name,age,town,joined,member';
/** `count` customers; what `row` says of each in place of the usual. */
function customers(count: number, row: (index: number) => Partial<Record<'id' | 'age' | 'town' | 'member', string>>) {
  const rows = Array.from({ length: count }, (_, index) => {
    const { id = `c${index}`, age = '30', town = 'Aston', member = String(index % 2 === 0) } = row(index);
    return `${id},Name,${age},${town},2024-03-01,${member}`;
  });
  return `${[HEADER, ...rows].join('\n')}\n`;
}

describe('a hierarchy that is none', () => {
  test.each<[string, string, RegExp]>([
    ['goes in a circle', 'Aston;Bexley;all\nBexley;Aston;all\n', /towns\.csv:2:1.*circle/],
    ['is of uneven depth', 'Aston;south;all\nBexley;south\n', /towns\.csv:2:1.*2 cells, the first row has 3/],
    ['gives a group two parents', 'Aston;south;all\nBexley;south;none\n', /towns\.csv:2:1.*`south` of level 1 becomes/],
    ['names a value twice', 'Aston;south\nAston;north\n', /towns\.csv:2:1.*stands on line 1 already/],
  ])('%s: the check says where, and a rehearsal does not begin', (_, text, told) => {
    put('towns.csv', text);
    for (const args of [['check', 'agreement.yaml'], REHEARSE]) {
      const { status, stdout, stderr } = runBarter(folder, ...args);
      expect(`${stdout}${stderr}`).toMatch(told);
      expect(status).toBe(2);
    }
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });
});

test.each<[string, string | Buffer, RegExp]>([
  ['is no text', Buffer.concat([Buffer.from(`card;postcode;amount\nk1;1000;1\n`), Buffer.of(0xff, 0xfe)]), /UTF-8/],
  ['has other columns', 'card;postcode\nk1;1000\n', /column "amount" is missing/],
  ['has no rows', 'card;postcode;amount\n', /has no rows/],
  ['is Parquet by its content alone', 'PAR1 and no more', /Parquet, but not by its name/],
])('where the last file %s, that is said before the first is treated', (_, content, told) => {
  writeFileSync(join(folder, 'orders.csv'), content);
  const { status, stderr } = runBarter(folder, ...REHEARSE);
  expect(status).toBe(2);
  expect(stderr).toMatch(told);
  expect(stderr).toContain('customers: looking whether it can be read');
  expect(stderr).not.toContain('reading and cleaning');
  expect(existsSync(join(folder, 'out'))).toBe(false);
});

describe('a delivery that cannot be made safe', () => {
  test.each<[string, string, RegExp]>([
    ['of a single row', customers(1, () => ({})), /privacy/],
    [
      'most rows of which are one subject’s, and hardly anybody beside',
      customers(400, (index) => ({ id: index < 397 ? 'c0' : `c${index}`, age: String(20 + (index % 40)) })),
      /privacy/,
    ],
    ['in which all have the same sensitive value', customers(60, () => ({ member: 'true' })), /privacy/],
    [
      'in which all share a sensitive value, and one has a second one',
      `${customers(60, () => ({ member: 'true' }))}c0,Name,30,Aston,2024-03-01,false\n`,
      /privacy/,
    ],
  ])('%s: is withheld, says at which gate, and nothing is released', (_, text, gate) => {
    put('customers.csv', text);
    const agreement = readFileSync(join(folder, 'agreement.yaml'), 'utf8');
    put('agreement.yaml', agreement.replace('dedupe: [id], ', ''));
    const { status, stdout } = runBarter(folder, ...REHEARSE);
    expect(stdout).toContain('Withheld: nothing was delivered to anybody.');
    expect(status).toBe(3);
    expect(inboxes()).toEqual([]);
    expect(parquetFiles()).toEqual([]);
    expect(/FAILED: (\w+)\./.exec(read('north/notice.md'))?.[1]).toMatch(gate);
  });
});

describe('a delivery that is odd, and can be made safe', () => {
  const released = async () => {
    expect(runBarter(folder, ...REHEARSE).status).toBe(0);
    const [file] = parquetFiles().filter((name) => name.includes('customers'));
    return readParquet(join(folder, file!));
  };

  test('all rows alike: they go out as they are', async () => {
    put(
      'customers.csv',
      customers(60, () => ({})),
    );
    const rows = await released();
    expect(rows).toHaveLength(60);
    expect(new Set(rows.map(({ age, town }) => `${age} ${town}`))).toEqual(new Set(['30 Aston']));
  });

  test('a column without any value: it stays without', async () => {
    put(
      'customers.csv',
      customers(60, () => ({ age: '' })),
    );
    const rows = await released();
    expect(rows).toHaveLength(60);
    expect(new Set(rows.map(({ age }) => age))).toEqual(new Set([null]));
  });

  test('a quasi-identifier that is nobody else’s: it is generalised until five share it', async () => {
    put(
      'customers.csv',
      customers(100, (index) => ({ age: String(index) })),
    );
    const rows = await released();
    const classes = new Map<string, Set<string>>();
    for (const { id, age, town } of rows)
      classes.set(`${age} ${town}`, (classes.get(`${age} ${town}`) ?? new Set()).add(id!));
    expect(rows.length).toBeGreaterThanOrEqual(90);
    for (const subjects of classes.values()) expect(subjects.size).toBeGreaterThanOrEqual(5);
  });
});
