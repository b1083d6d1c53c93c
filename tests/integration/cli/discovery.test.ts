import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeSmallSwap, REHEARSE, runBarter } from './small-swap';

describe('an identifier in a column that is declared plain', () => {
  let folder: string;
  beforeEach(() => {
    folder = makeSmallSwap();
    writeOrders(remark);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const writeOrders = (write: (i: number) => string, count = 300) => {
    const rows = Array.from(
      { length: count },
      (_, i) => `k${i % Math.floor(count / 3)};${1000 + (i % 4) * 10};${(i % 90) + 0.5};${write(i)}`,
    );
    writeFileSync(join(folder, 'orders.csv'), ['card;postcode;amount;remark', ...rows].join('\r\n').concat('\r\n'));
  };
  /** With the digit that makes the sum of alternately doubled digits a multiple of ten. */
  const addLuhn = (body: string) => body + [...'0123456789'].find((digit) => sumLuhn(body + digit) % 10 === 0);
  const sumLuhn = (digits: string) =>
    [...digits].toReversed().reduce((sum, digit, place) => {
      const value = Number(digit) * ((place % 2) + 1);
      return sum + (value > 9 ? value - 9 : value);
    }, 0);
  const remark = (i: number) =>
    i === 137 ? 'please write to joan.doe@mail.example or call' : `order ${i % 7} came late`;
  const agree = (column: string) => {
    const file = join(folder, 'agreement.yaml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/^( +)(amount: .*)$/m, `$1$2\n$1${column}`));
  };
  const readOut = (...path: readonly string[]) => readFileSync(join(folder, 'out', ...path), 'utf8');

  it('withholds the round, in figures: one address in three hundred texts is enough', () => {
    agree('remark: { type: string, role: plain }');
    const { status, stdout } = runBarter(folder, ...REHEARSE);
    expect(status).toBe(3);
    expect(stdout).toContain('gate discovery failed');
    expect(existsSync(join(folder, 'out/north/inbox'))).toBe(false);
    for (const party of ['north', 'south']) expect(readOut(party, 'notice.md')).toContain('FAILED: discovery.');
    const said = [
      stdout,
      ...['north/notice.md', 'south/notice.md', 'room.html', 'round.json'].map((file) => readOut(file)),
    ];
    for (const text of said) expect(text).not.toContain('joan.doe');
  });

  it.each([
    [
      'an address in a short text',
      'remark: { type: string, role: plain }',
      (i: number) => (i % 4 ? 'ok' : `mail joe${i}@x.com`),
    ],
    [
      'cards as doubles',
      'remark: { type: double, role: plain }',
      (i: number) => `${addLuhn(`45397${1_000_000_000 + i}`)}.0`,
    ],
    [
      'cards as decimals',
      'remark: { type: "decimal(18,2)", role: plain }',
      (i: number) => `${addLuhn(`45397${1_000_000_000 + i}`)}.00`,
    ],
  ])('withholds the round: %s', (_, column, write) => {
    agree(column);
    writeOrders(write);
    const { status, stdout } = runBarter(folder, ...REHEARSE);
    expect(stdout).toContain('gate discovery failed');
    expect(status).toBe(3);
  });

  it('goes out when a clause says so, and the certificate says what was found', () => {
    const file = join(folder, 'agreement.yaml');
    agree('remark: { type: string, role: plain, mayIdentify: "7.7" }');
    const text = readFileSync(file, 'utf8');
    writeFileSync(
      file,
      /^clauses:/m.test(text)
        ? text.replace(/^clauses:.*$/m, '$&\n  - { id: "7.7", text: Remarks are public., legalOnly: true }')
        : `${text}clauses:\n  - { id: "7.7", text: Remarks are public., legalOnly: true }\n`,
    );
    const { status, stderr } = runBarter(folder, ...REHEARSE);
    expect(stderr).not.toContain('error');
    expect(status).toBe(0);
    const certificate = JSON.parse(readOut('north/inbox/orders/certificate.json'));
    expect(certificate.discovery).toContainEqual({
      column: 'remark',
      distinct: 8,
      looked: 8,
      identifiers: [{ kind: 'email', title: 'e-mail address', by: 'inside', matched: 1 }],
    });
    expect(JSON.stringify(certificate)).not.toContain('joan.doe');
  });

  it('is found among 9,999 other values', () => {
    agree('remark: { type: string, role: plain }');
    writeOrders((i) => (i === 4321 ? 'write to joan.doe@mail.example' : `order ${i} came late`), 10_000);
    const { status, stdout } = runBarter(folder, ...REHEARSE);
    expect(stdout).toContain('gate discovery failed');
    expect(status).toBe(3);
  });

  it('is looked for in a sample of about 10,000 where there are more values', () => {
    agree('remark: { type: string, role: plain }');
    writeOrders((i) => `order ${i} came late`, 40_000);
    expect(runBarter(folder, ...REHEARSE).status).toBe(0);
    const { discovery } = JSON.parse(readOut('north/inbox/orders/certificate.json'));
    const { distinct, looked } = discovery.find(({ column }: { column: string }) => column === 'remark');
    expect(distinct).toBeGreaterThan(39_000);
    expect(looked).toBeGreaterThan(9_500);
    expect(looked).toBeLessThan(10_500);
  });

  it('is no matter once it is dropped', () => {
    agree('remark: { type: string, role: identifier, treatment: drop }');
    expect(runBarter(folder, ...REHEARSE).status).toBe(0);
  });
});
