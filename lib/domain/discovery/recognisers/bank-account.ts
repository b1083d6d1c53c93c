import isIBAN from 'validator/lib/isIBAN';
import type { Recogniser } from '../recogniser';

export const bankAccount: Recogniser = {
  kind: 'iban',
  title: 'bank account (IBAN)',
  nature: 'identifier',
  header: /\b(iban|bank ?account|konto ?(nummer|nr)|bankverbindung|compte bancaire|cuenta)\b/,
  tests: [
    {
      looks: (value) => /^[A-Z]{2}\d{2}[A-Z\d ]{11,40}$/i.test(value.trim()),
      isOne: (value) => isIBAN(value.trim()),
      // Two check digits in 97, and the country's own length and letters.
      byChance: 1e-3,
      inside: /\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,3})?\b/g,
    },
  ],
};
