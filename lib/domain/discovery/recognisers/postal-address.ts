import type { Recogniser } from '../recogniser';

const STREET =
  /(stra(ss|ß)e|str\.|weg|gasse|platz|allee|ring|damm|ufer)\b|\b(street|st\.?|road|rd\.?|avenue|ave\.?|lane|ln\.?|drive|dr\.?|boulevard|blvd\.?|court|square|rue|allée|chemin|calle|avenida|plaza|via|viale|piazza|corso|ulica|ul\.|straat|laan|plein|gatan|vägen|vej|gade|rua|praça)\b/i;

/** Where somebody lives, as letters are addressed. */
export const postalAddress: Recogniser = {
  kind: 'address',
  title: 'postal address',
  nature: 'identifier',
  header:
    /^(?!.*\b(ip|mac|mail|email|web|url|wallet|eth|btc|ethereum|bitcoin)\b).*\b(address|addr|adresse|anschrift|street|strasse|hausnummer|house ?(no|number)|rue|calle|direccion|indirizzo|via|adres|straat|domicile)\b/,
  fits: (value) => /\p{L}/u.test(value) && value.length >= 5,
  tests: [
    {
      looks: (value) => /\p{L}{2}/u.test(value) && /\d/.test(value) && value.length <= 200,
      isOne: (value) => STREET.test(value) && /(^|\s)\d{1,5}\s?[a-zA-Z]?\b/.test(value),
      byChance: 0.05,
      leastShare: 0.1,
    },
  ],
};
