import type { Recogniser } from '../recogniser';
import { GIVEN_NAMES } from './given-names';

const WORD = /^[\p{L}\p{M}][\p{L}\p{M}'’.-]*$/u;
const wordsOf = (value: string) => value.trim().split(/[\s,;]+/);

/** Known by their column's name, or by the given names in it: no form sets a name apart. */
export const personName: Recogniser = {
  kind: 'name',
  title: 'name of a person',
  nature: 'identifier',
  header:
    /^(?!.*\b(product|store|shop|file|city|town|country|company|firm|brand|category|campaign|event|host|domain|street|plan|tariff|model|station|branch|region|produkt|filiale|firma|marke|team|job|role|column|table)s?\b).*\b((first|last|full|given|family|middle|maiden|sur|customer|client|patient|contact|employee|member|user|holder) ?names?|surname|forename|vorname|nachname|familienname|name|nom|prenom|nombre|apellidos?|cognome|nome|naam|voornaam|achternaam|imie|nazwisko|efternamn|fornamn)\b/,
  fits: (value) =>
    wordsOf(value).length <= 6 &&
    wordsOf(value).every((word) => WORD.test(word.replace(/["()]/g, ''))) &&
    !isShouted(value),
  tests: [
    {
      looks: (value) =>
        /^\p{Lu}/u.test(value) && wordsOf(value).length <= 4 && wordsOf(value).every((word) => WORD.test(word)),
      isOne: (value) => wordsOf(value).some((word) => GIVEN_NAMES.has(foldName(word))),
      // Towns, brands and words are given names too, now and then.
      byChance: 0.08,
      leastShare: 0.25,
    },
  ],
};

/** Codes are written in capitals. */
function isShouted(value: string): boolean {
  return value.length <= 4 && value === value.toUpperCase() && value !== value.toLowerCase();
}

function foldName(word: string): string {
  return word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
