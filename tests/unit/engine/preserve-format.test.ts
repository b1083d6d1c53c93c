import { FF1 } from '@noble/ciphers/ff1.js';
import fc from 'fast-check';
import { ALPHABETS, type AlphabetName } from '../../../lib/domain/privacy/treatments/treatment';
import { createFormatPreserver } from '../../../lib/engine/mapping/preserve-format';

const KEY = Uint8Array.from({ length: 32 }, (_, index) => index);
const digits = { kind: 'format-preserving', alphabet: 'digits', minLength: 6, maxLength: 20 } as const;

/** NIST, "Examples with Intermediate Values" for FF1: what the library does is the standard. */
test.each([
  ['2b7e151628aed2a6abf7158809cf4f3c', '', 10, '0123456789', '2433477484'],
  ['2b7e151628aed2a6abf7158809cf4f3c', '39383736353433323130', 10, '0123456789', '6124200773'],
  ['2b7e151628aed2a6abf7158809cf4f3c', '3737373770717273373737', 36, '0123456789abcdefghi', 'a9tv40mll9kdu509eum'],
  ['2b7e151628aed2a6abf7158809cf4f3cef4359d8d580aa4f', '', 10, '0123456789', '2830668132'],
  ['2b7e151628aed2a6abf7158809cf4f3cef4359d8d580aa4f7f036d6f04fc6a94', '', 10, '0123456789', '6657667009'],
  [
    '2b7e151628aed2a6abf7158809cf4f3cef4359d8d580aa4f7f036d6f04fc6a94',
    '39383736353433323130',
    10,
    '0123456789',
    '1001623463',
  ],
  [
    '2b7e151628aed2a6abf7158809cf4f3cef4359d8d580aa4f7f036d6f04fc6a94',
    '3737373770717273373737',
    36,
    '0123456789abcdefghi',
    'xs8a0azh2avyalyzuwd',
  ],
])('key %s, tweak %s, radix %d: %s becomes %s', (key, tweak, radix, plain, cipher) => {
  const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
  const numerals = (text: string) => [...text].map((character) => Number.parseInt(character, 36));
  expect(FF1(radix, bytes(key), bytes(tweak)).encrypt(numerals(plain))).toEqual(numerals(cipher));
});

/** With AES-256 key 00 01 … 1f and the column's name as tweak: other engines are held against these. */
test.each([
  ['msisdn', 'digits', '447700900123', '139730598115'],
  ['Straße', 'digits', '000000', '105579'],
  ['iban', 'upper-alphanumeric', 'DE89370400440532013000', 'XL0LAOU55UX0GR4BMW393J'],
  ['code', 'alphanumeric', 'aZ09', 'L61X'],
] as const)('column %s of %s: %s becomes %s', (column, alphabet, plain, cipher) => {
  const form = { kind: 'format-preserving', alphabet, minLength: 4, maxLength: 30 } as const;
  expect(createFormatPreserver(column, form, KEY)(plain)).toBe(cipher);
});

test('texts keep their length and alphabet, and come back', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...(Object.keys(ALPHABETS) as AlphabetName[])),
      fc.array(fc.nat(), { minLength: 6, maxLength: 20 }),
      (alphabet, picks) => {
        const characters = ALPHABETS[alphabet];
        const plain = picks.map((pick) => characters[pick % characters.length]).join('');
        const cipher = createFormatPreserver('c', { ...digits, alphabet }, KEY)(plain);
        const numerals = [...cipher].map((character) => characters.indexOf(character));
        expect(numerals).toHaveLength(plain.length);
        expect(numerals).not.toContain(-1);
        const back = FF1(characters.length, KEY, new TextEncoder().encode('c')).decrypt(numerals);
        expect(back.map((numeral) => characters[numeral]).join('')).toBe(plain);
      },
    ),
    { numRuns: 50 },
  );
});

test('columns and keys make unlike texts of the same', () => {
  const [one, other] = [createFormatPreserver('a', digits, KEY), createFormatPreserver('b', digits, KEY)];
  expect(one('123456')).not.toBe(other('123456'));
  expect(one('123456')).not.toBe(createFormatPreserver('a', digits, new Uint8Array(32))('123456'));
});

test.each(['12345', '1'.repeat(21), '12345x', '', '１２３４５６'])('%j is refused, and not shown', (value) => {
  const preserve = () => createFormatPreserver('msisdn', digits, KEY)(value);
  expect(preserve).toThrow('column msisdn');
  if (value !== '') expect(preserve).not.toThrow(value);
});
