import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { recogniseColumn } from '../../../lib/domain/discovery/recognise-column';
import { MADE_COLUMNS, makeValues } from '../../fixtures/personal-columns';

const DOCUMENT = readFileSync(join(__dirname, '../../../docs/discovery.md'), 'utf8');
const NEUTRAL = 'col_7';
const SIZES = [20, 200, 500];
const DIRT = [0, 0.2];

interface Trial {
  readonly kind: string | undefined;
  readonly telling: boolean;
  readonly provable: boolean;
  readonly deceptive: boolean;
  readonly found: readonly string[];
}

/** Every made column under its own name and under one that says nothing, small and large, clean and dirty. */
function runTrials(): readonly Trial[] {
  return MADE_COLUMNS.flatMap((column, place) =>
    SIZES.flatMap((size) =>
      DIRT.flatMap((dirt) => {
        const values = makeValues(column, size, dirt, place * 1000 + size + dirt * 10);
        return [true, false].map((telling): Trial => {
          const name = telling ? column.header : NEUTRAL;
          const found = recogniseColumn({ name, values }).map(({ kind }) => kind);
          return { kind: column.kind, telling, provable: column.provable, deceptive: column.deceptive === true, found };
        });
      }),
    ),
  );
}

const TRIALS = runTrials();
const KINDS = [...new Set(MADE_COLUMNS.flatMap(({ kind }) => kind ?? []))];
const isFound = ({ kind, found }: Trial) => kind !== undefined && found.includes(kind);
const shareOf = (part: readonly unknown[], whole: readonly unknown[]) =>
  whole.length === 0 ? '—' : `${((part.length / whole.length) * 100).toFixed(0)} %`;

function describeKind(kind: string): string {
  const own = TRIALS.filter((trial) => trial.kind === kind);
  const others = TRIALS.filter((trial) => trial.kind !== kind);
  const named = own.filter(({ telling }) => telling);
  const unnamed = own.filter(({ telling }) => !telling);
  const wrong = others.filter(({ found }) => found.includes(kind));
  const cells = [
    kind,
    own.length,
    shareOf(named.filter(isFound), named),
    shareOf(unnamed.filter(isFound), unnamed),
    `${wrong.length} of ${others.length}`,
    shareOf(own.filter(isFound), [...own.filter(isFound), ...wrong]),
  ];
  return `| ${cells.join(' | ')} |`;
}

describe('recognising made columns', () => {
  it('finds what the documentation says, and as much too much', () => {
    expect(DOCUMENT).toContain(KINDS.map(describeKind).join('\n'));
  });

  it('finds every kind whose name says so', () => {
    const missed = TRIALS.filter((trial) => trial.telling && trial.kind !== undefined && !isFound(trial));
    expect(missed).toEqual([]);
  });

  it('finds by values alone what values can prove, in columns of 200 values and more', () => {
    const large = TRIALS.filter(({ telling, provable, kind }, place) => {
      const size = SIZES[Math.floor(place / DIRT.length) % SIZES.length]!;
      return !telling && provable && kind !== undefined && size >= 200;
    });
    expect(large.filter(isFound).length / large.length).toBeGreaterThan(0.95);
  });

  it('takes no order number, price, version, product or sentence for somebody’s', () => {
    const wrong = TRIALS.filter(({ kind, deceptive, found }) => kind === undefined && !deceptive && found.length > 0);
    expect(wrong).toEqual([]);
  });
});

/** In the forms that are as wide as Chinese characters. */
const widen = (text: string) => text.replace(/[!-~]/g, (each) => String.fromCharCode(each.charCodeAt(0) + 0xfee0));

describe('an identifier inside a short text', () => {
  const short = (write: (place: number) => string) =>
    Array.from({ length: 300 }, (_, i) => (i % 4 ? `ok ${i}` : write(i)));
  it.each([
    ['an e-mail address after a word', 'email', (i: number) => `mail joe${i}@x.com`],
    ['an address with a name', 'email', (i: number) => `Jo <j${i}@x.com>`],
    ['a link to write', 'email', (i: number) => `mailto:j${i}@xy.com`],
    ['two addresses', 'email', (i: number) => `a${i}@x.com;b@y.com`],
    ['a number to dial', 'phone', (i: number) => `tel:+4917123${10_000 + i}`],
    ['a national number', 'phone', (i: number) => `tel 0171 23${10_000 + i}`],
    ['a national number in brackets', 'phone', (i: number) => `Phone: (030) 23${10_000 + i}`],
    ['an American number', 'phone', (i: number) => `call 212-555-${1000 + i}`],
    ['a mobile number without a word', 'phone', (i: number) => `abends 0171/23${10_000 + i}`],
    ['an address in wide letters', 'email', (i: number) => `mail ${widen(`joe${i}@x.com`)}`],
    ['an address with nothing between its letters', 'email', (i: number) => `mail jo\u200be${i}@x\u00ad.com`],
    ['a number in wide digits', 'phone', (i: number) => `tel ${widen(`+49 7123 ${10_000 + i}`)}`],
    ['a number whose parts do not break', 'phone', (i: number) => `abends 0171\u00a023\u2011${10_000 + i}`],
  ])('is found: %s', (_, kind, write) => {
    expect(recogniseColumn({ name: NEUTRAL, values: short(write) }).map((found) => found.kind)).toContain(kind);
  });

  it.each([
    ['that is a date and a time is none', (i: number) => `due 03-0${(i % 9) + 1}-2024 ${1000 + i}`],
    ['of which one in ten begins with a zero is none', (i: number) => `call ${i % 10}${100_000_000 + i * 7}`],
  ])('%s', (_, write) => {
    expect(recogniseColumn({ name: NEUTRAL, values: short(write) })).toEqual([]);
  });
});

test.each([
  ['whole values', (number: string) => number],
  ['texts', (number: string) => `paid for with ${number}, thank you`],
])('neither the order of %s nor how many there are hides the few that are cards', (_, write) => {
  // Shaped like cards: the last digit is not the one that the others ask for.
  const others = Array.from({ length: 2400 }, (_, index) => `4539${String(100_000 + index).repeat(2)}${index % 10}`);
  const cards = makeValues(MADE_COLUMNS.find(({ kind }) => kind === 'card')!, 500, 0, 7);
  const values = [...others.filter((number) => !isLuhn(number)), ...cards].map(write);
  const found = recogniseColumn({ name: NEUTRAL, values }).find(({ kind }) => kind === 'card');
  expect(found?.matched).toBe(new Set(cards).size);
  expect(recogniseColumn({ name: NEUTRAL, values: values.toReversed() }).find(({ kind }) => kind === 'card')).toEqual(
    found,
  );
});

function isLuhn(number: string): boolean {
  const sum = [...number].toReversed().reduce((total, digit, place) => {
    const doubled = Number(digit) * (place % 2 === 1 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

describe('accident', () => {
  it.each([
    ['three card numbers among words', 'card', ['4539578763621486', '4716059847258190', 'unknown', 'none', '-']],
    [
      'one e-mail address in a long text',
      'email',
      ['please write to somebody@example.com about the order', 'all well'],
    ],
  ])('explains %s', (_, kind, values) => {
    const found = recogniseColumn({ name: NEUTRAL, values }).some((recognition) => recognition.kind === kind);
    expect(found).toBe(kind === 'email');
  });

  it('says nothing of a column without values', () => {
    expect(recogniseColumn({ name: 'email', values: [] })).toEqual([]);
  });

  it('never carries a value', () => {
    for (const column of MADE_COLUMNS) {
      const values = makeValues(column, 50, 0, 5);
      const said = JSON.stringify(recogniseColumn({ name: column.header, values }));
      for (const value of values.filter(({ length }) => length > 5)) expect(said).not.toContain(value);
    }
  });
});
