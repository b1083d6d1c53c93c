import { FF1 } from '@noble/ciphers/ff1.js';
import { ALPHABETS, type Treatment } from '../../domain/privacy/treatments/treatment';

/**
 * FF1 with AES-256 (NIST SP 800-38G Rev. 1): the radix is the alphabet's size, a character's numeral its place in it, and the
 * tweak the column's name in UTF-8, so that equal values of two columns look unlike.
 * @throws RangeError for a text that is not of the form, which cleaning has let through.
 */
export function createFormatPreserver(
  column: string,
  { alphabet, minLength, maxLength }: Extract<Treatment, { kind: 'format-preserving' }>,
  key: Uint8Array,
): (value: string) => string {
  const characters = ALPHABETS[alphabet];
  const numerals = new Map([...characters].map((character, numeral) => [character, numeral]));
  const ff1 = FF1(characters.length, key, new TextEncoder().encode(column));
  return (value) => {
    const plain = Array.from(value, (character) => numerals.get(character) ?? Number.NaN);
    if (plain.some(Number.isNaN) || plain.length < minLength || plain.length > maxLength) {
      throw new RangeError(`A value of column ${column} is not of the form that its treatment keeps.`);
    }
    return ff1
      .encrypt(plain)
      .map((numeral) => characters[numeral])
      .join('');
  };
}
