import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 as digestOf } from '../../../lib/audit/node-crypto';
import { hashInput } from '../../../lib/domain/exchange/rounds/find-repeated';
import { listFiles } from '../../../lib/rehearsal/round-folder';
import { readParquet } from './read-parquet';
import { customersCsv, makeSmallSwap, REHEARSE, runBarter } from './small-swap';

const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

describe('a round that is delivered', () => {
  const folder = makeSmallSwap();
  const out = (...path: readonly string[]) => join(folder, 'out', ...path);
  const before = ['customers.csv', 'orders.csv', 'agreement.yaml', 'towns.csv'].map((file) => [
    file,
    sha256(join(folder, file)),
  ]);
  const run = runBarter(folder, ...REHEARSE);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('ends with 0 and says what came of each leg', () => {
    expect(run).toMatchObject({ status: 0 });
    expect(run.stdout).toMatch(/^Delivered\. Agreement small-swap, version 1\./);
    expect(run.stdout).toContain('north → south: customers');
    expect(run.stdout).toContain('204 rows received, 4 rejected');
    expect(run.stdout + run.stderr).not.toContain('\x1b');
  });

  it('writes the files of the output contract, and no other', () => {
    expect([...listFiles(out())].sort()).toEqual([
      'north/inbox/orders/certificate.json',
      'north/inbox/orders/release.parquet',
      'north/notice.md',
      'north/quarantine/customers.csv',
      'room.html',
      'round.json',
      'south/inbox/customers/certificate.json',
      'south/inbox/customers/release.parquet',
      'south/notice.md',
    ]);
    expect(readdirSync(folder).sort()).toEqual([
      '.barter',
      'agreement.yaml',
      'customers.csv',
      'orders.csv',
      'out',
      'towns.csv',
    ]);
  });

  it('leaves the inputs as they were', () => {
    for (const [file, hash] of before) expect(sha256(join(folder, file!))).toBe(hash);
  });

  it('releases what the agreement says, and nothing else', async () => {
    const rows = await readParquet(out('south/inbox/customers/release.parquet'));
    expect(Object.keys(rows[0]!)).toEqual(['id', 'age', 'town', 'joined', 'member']);
    expect(rows.every(({ id }) => /^[0-9a-f]{32}$/.test(id!))).toBe(true);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    const text = readFileSync(out('south/inbox/customers/release.parquet'), 'latin1');
    expect(text).not.toContain('Name 1');
    const classOf = ({ age, town }: (typeof rows)[number]) => `${age}|${town}`;
    for (const key of new Set(rows.map(classOf))) {
      const members = rows.filter((row) => classOf(row) === key);
      expect(members.length).toBeGreaterThanOrEqual(5);
      expect(new Set(members.map(({ member }) => member)).size).toBe(2);
    }
  });

  it('certifies the very file that lies in the inbox', () => {
    const certificate = JSON.parse(readFileSync(out('south/inbox/customers/certificate.json'), 'utf8'));
    expect(certificate.hashes.output).toBe(sha256(out('south/inbox/customers/release.parquet')));
    const delivered = [{ sha256: sha256(join(folder, 'customers.csv')) }];
    expect(certificate.hashes.input).toBe(hashInput(delivered, digestOf));
    const { received, rejected, suppressed, released } = certificate.rows;
    expect(received).toBe(rejected + suppressed + released);
    expect(certificate.privacy).toMatchObject({ countedOn: 'subjects', l: [{ column: 'member', distinct: 2 }] });
    expect(certificate.privacy.k).toBeGreaterThanOrEqual(5);
    expect(certificate.risk.after.prosecutor).toBeCloseTo(1 / certificate.privacy.k);
  });

  it('counts rows in the record, which lies open to all, no closer than the certificate does', () => {
    const { legs } = JSON.parse(readFileSync(out('round.json'), 'utf8'));
    for (const leg of legs) expect(leg.rows).toEqual(leg.certificate.rows);
    expect(legs[0].rows.rejected).toBe(5);
  });

  it('puts rejected rows in their giver’s quarantine, with the reason', () => {
    const lines = readFileSync(out('north/quarantine/customers.csv'), 'utf8').trim().split(/\r?\n/);
    expect(lines).toHaveLength(5);
    expect(lines[0]).toBe('"file","row","reason","id","name","age","town","joined","member"');
    expect(lines[1]).toContain('duplicate');
    expect(statSync(out('north/quarantine/customers.csv')).mode & 0o077).toBe(0);
  });

  it('gives the same tokens again, and others to nobody', async () => {
    const first = await readParquet(out('south/inbox/customers/release.parquet'));
    expect(runBarter(folder, ...REHEARSE).status).toBe(0);
    const second = await readParquet(out('south/inbox/customers/release.parquet'));
    expect(new Set(second.map(({ id }) => id))).toEqual(new Set(first.map(({ id }) => id)));
    rmSync(join(folder, '.barter'), { recursive: true });
    expect(runBarter(folder, ...REHEARSE).status).toBe(0);
    const third = await readParquet(out('south/inbox/customers/release.parquet'));
    const earlier = new Set(first.map(({ id }) => id));
    expect(third.some(({ id }) => earlier.has(id ?? null))).toBe(false);
  });

  it('prints its record as JSON, alone on standard output', () => {
    const { status, stdout } = runBarter(folder, ...REHEARSE, '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      barterRound: 1,
      kind: 'delivered',
      agreement: { id: 'small-swap', version: 1 },
    });
  });
});

describe('a round that a gate withholds', () => {
  let folder: string;
  beforeEach(() => {
    folder = makeSmallSwap();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const read = (...path: readonly string[]) => readFileSync(join(folder, 'out', ...path), 'utf8');
  const inboxes = () => ['north', 'south'].filter((party) => existsSync(join(folder, 'out', party, 'inbox')));
  const rewrite = (file: string, change: (text: string) => string) =>
    writeFileSync(join(folder, file), change(readFileSync(join(folder, file), 'utf8')));

  it.each([
    ['cleaning', 'customers.csv', (text: string) => text.replaceAll(/,\d+,Aston/g, ',young,Aston')],
    ['hierarchy', 'customers.csv', (text: string) => text.replaceAll('Corby', 'Zanzibar')],
    ['privacy', 'customers.csv', (text: string) => text.replaceAll(/(true|false)$/gm, 'true')],
  ])('at %s delivers nothing to anybody and tells both parties', (gate, file, change) => {
    rewrite(file, change);
    const { status, stdout } = runBarter(folder, ...REHEARSE);
    expect(status).toBe(3);
    expect(stdout).toContain('Withheld: nothing was delivered to anybody.');
    expect(inboxes()).toEqual([]);
    for (const party of ['north', 'south']) expect(read(party, 'notice.md')).toContain(`FAILED: ${gate}.`);
    expect(JSON.parse(read('round.json')).kind).toBe('withheld');
  });

  it('names a value that a hierarchy lacks to its giver alone', () => {
    rewrite('customers.csv', (text) => text.replaceAll('Corby', 'Zanzibar'));
    expect(runBarter(folder, ...REHEARSE).status).toBe(3);
    expect(read('north/notice.md')).toContain('"Zanzibar"');
    for (const file of ['south/notice.md', 'room.html', 'round.json']) expect(read(file)).not.toContain('Zanzibar');
  });

  it('counts rows in the record as a certificate would', () => {
    rewrite('customers.csv', (text) => text.replaceAll('Corby', 'Zanzibar'));
    expect(runBarter(folder, ...REHEARSE).stdout).toContain('204 rows received, 4 rejected');
    expect(JSON.parse(read('round.json')).legs[0].rows).toMatchObject({ received: 205, rejected: 5 });
  });

  it('takes back nothing from an earlier round but its place', () => {
    expect(runBarter(folder, ...REHEARSE).status).toBe(0);
    expect(inboxes()).toEqual(['north', 'south']);
    rewrite('customers.csv', (text) => text.replaceAll('Corby', 'Zanzibar'));
    expect(runBarter(folder, ...REHEARSE).status).toBe(3);
    expect(inboxes()).toEqual([]);
  });
});

describe('input that cannot be taken', () => {
  let folder: string;
  beforeEach(() => {
    folder = makeSmallSwap();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const put = (file: string, content: string | Buffer) => writeFileSync(join(folder, file), content);
  const withHeader = (header: string) => () => put('customers.csv', customersCsv().replace(/^.*\n/, `${header}\n`));

  const mistakes: readonly [string, () => void, readonly string[], RegExp][] = [
    ['no --data at all', () => {}, ['rehearse', 'agreement.yaml'], /add --data customers=PATH --data orders=PATH/],
    ['a dataset left out', () => {}, REHEARSE.slice(0, 4), /add --data orders=PATH/],
    ['a dataset the agreement does not have', () => {}, [...REHEARSE, '--data', 'x=orders.csv'], /no dataset x/],
    ['a dataset given twice', () => {}, [...REHEARSE, '--data', 'orders=orders.csv'], /given twice/],
    ['--data without a path', () => {}, [...REHEARSE.slice(0, 4), '--data', 'orders'], /DATASET=PATH/],
    ['a path that is not there', () => rmSync(join(folder, 'orders.csv')), REHEARSE, /no file or folder orders\.csv/],
    ['an empty file', () => put('orders.csv', ''), REHEARSE, /orders\.csv.*empty/s],
    ['a header alone', () => put('orders.csv', 'card;postcode;amount\n'), REHEARSE, /no rows/],
    ['an empty folder', () => renameSync(join(folder, 'orders.csv'), join(folder, 'elsewhere')), REHEARSE, /orders/],
    ['a column missing', withHeader('id,name,age,town,joined,x'), REHEARSE, /member.*x/s],
    ['a column extra', withHeader('id,name,age,town,joined,member,x'), REHEARSE, /x/],
    ['a column doubled', withHeader('id,name,age,age,town,joined,member'), REHEARSE, /age/],
    [
      'mixed encodings',
      () => put('customers.csv', Buffer.concat([Buffer.from(customersCsv()), Buffer.from([0xe9, 0x0a])])),
      REHEARSE,
      /UTF-8.*line 206|line 206.*UTF-8/s,
    ],
    ['a binary file', () => put('customers.csv', Buffer.from([0, 1, 2, 3, 0, 0, 10])), REHEARSE, /customers/],
    ['an agreement that is not there', () => {}, ['rehearse', 'nowhere.yaml', ...REHEARSE.slice(2)], /nowhere\.yaml/],
    ['an agreement with a mistake', () => put('agreement.yaml', 'agreement: x\n'), REHEARSE, /agreement\.yaml:\d+:\d+/],
    [
      'a folder of somebody’s own as --out',
      () => put('mine.txt', 'x'),
      [...REHEARSE.slice(0, -1), '.'],
      /would replace agreement\.yaml/,
    ],
    ['an unknown option', () => {}, [...REHEARSE, '--dta'], /unknown option/],
    ['an unknown command', () => {}, ['rehears'], /unknown command.*rehearse/s],
  ];

  it.each(mistakes)('%s: ends with 2, says so, and writes nothing', (_, spoil, args, told) => {
    spoil();
    const before = readdirSync(folder).sort();
    const { status, stdout, stderr } = runBarter(folder, ...args);
    expect(stderr).toMatch(told);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(
      readdirSync(folder)
        .filter((name) => name !== '.barter')
        .sort(),
    ).toEqual(before);
  });

  it('lists the problems of every delivery at once', () => {
    put('orders.csv', '');
    put('customers.csv', '');
    expect(runBarter(folder, ...REHEARSE).stderr).toMatch(/customers\.csv[\s\S]*orders\.csv/);
  });

  it('shows a stack for --debug alone', () => {
    put('orders.csv', '');
    expect(runBarter(folder, '--debug', ...REHEARSE).stderr).toMatch(/^\s+at /m);
  });

  it('refuses a key file that others can read', () => {
    expect(runBarter(folder, ...REHEARSE).status).toBe(0);
    mkdirSync(join(folder, 'k/small-swap'), { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, 'k/small-swap/north.key'), 'barter-room-key-1:00\n', { mode: 0o644 });
    const { status, stderr } = runBarter(folder, ...REHEARSE, '--keys', 'k');
    expect(status).toBe(2);
    expect(stderr).toContain('chmod 600');
  });
});
