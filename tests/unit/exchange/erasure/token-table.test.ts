import fc from 'fast-check';
import { isInTable, placeTokenTable, writeTokenTable } from '../../../../lib/domain/exchange/erasure/token-table';

const halves = (token: string) => [token.slice(0, 6), token.slice(6, 12)].map((half) => Number.parseInt(half, 16));

function writeTable(tokens: readonly string[]) {
  const [high, low] = [0, 1].map((half) => tokens.map((token) => halves(token)[half]!));
  return writeTokenTable(high!, low!);
}

/** As S3 reads a part of an object: nothing beyond its end. */
function openTable(bytes: Uint8Array) {
  const reads: number[] = [];
  const read = async (start: number, end: number) => {
    if (start >= bytes.length) return undefined;
    reads.push(end - start);
    return bytes.slice(start, end);
  };
  return { read, reads };
}

const tokenArb = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 });

test('whoever is in a table is found there, and nobody else', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(tokenArb, { maxLength: 60 }), tokenArb, async (tokens, other) => {
      const { read } = openTable(writeTable(tokens));
      for (const token of tokens) expect(await isInTable(token, read)).toBe(true);
      const isThere = tokens.some((token) => token.startsWith(other.slice(0, 12)));
      expect(await isInTable(other, read)).toBe(isThere);
    }),
    { numRuns: 60, seed: 5 },
  );
});

test.each(['000000000000', 'ffffffffffff', '00ffffffffff', 'ff0000000000', '0000ffffffff', '000100000000'])(
  'a token at an edge is found: %s',
  async (digits) => {
    const { read } = openTable(writeTable([digits]));
    expect(await isInTable(digits.padEnd(32, '7'), read)).toBe(true);
    expect(await isInTable(`${digits.slice(0, 11)}5`.padEnd(32, '7'), read)).toBe(false);
  },
);

test('two short reads do, however many there are', async () => {
  const tokens = Array.from({ length: 50_000 }, (_, at) =>
    ((at * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0'),
  );
  const { read, reads } = openTable(writeTable(tokens.map((token) => token.padEnd(32, 'a'))));
  expect(await isInTable(tokens[777]!.padEnd(32, 'a'), read)).toBe(true);
  expect(reads[0]).toBe(8);
  expect(reads[1]).toBeLessThan(2_500);
});

test('what is no table is not taken for one in which nobody is', async () => {
  const table = writeTable(['ab'.repeat(16)]);
  for (const cut of [table.slice(0, 0), table.slice(0, 100), table.slice(0, -6), table.slice(0, -1)])
    expect(await isInTable('ab'.repeat(16), openTable(cut).read)).toBeUndefined();
});

test('it lies beside the folder in which a release waits, and is no file of it', () => {
  expect(placeTokenTable({ place: '_escrow/swap/leg/run-1/' })).toBe('_escrow/swap/leg/run-1.tokens');
});
