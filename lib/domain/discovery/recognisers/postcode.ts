import isPostalCode from 'validator/lib/isPostalCode';
import type { Recogniser } from '../recogniser';

/** Most are digits like any others; the British and Canadian ones have a form of their own. */
export const postcode: Recogniser = {
  kind: 'postcode',
  title: 'postcode',
  nature: 'quasi',
  header:
    /\b(post ?(al)? ?codes?|zip( ?codes?)?|plz|postleitzahl|code ?postal|codigo ?postal|cap|kod ?pocztowy|postnummer|cep)\b/,
  fits: (value) => /^[A-Z\d][A-Z\d -]{1,9}$/i.test(value) && /\d/.test(value),
  tests: [
    {
      label: 'GB',
      looks: (value) => /^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/.test(value),
      isOne: (value) => isPostalCode(value, 'GB'),
      byChance: 0.2,
      leastShare: 0.5,
    },
    {
      label: 'CA',
      looks: (value) => /^[A-Z]\d[A-Z] ?\d[A-Z]\d$/.test(value),
      isOne: (value) => isPostalCode(value, 'CA'),
      byChance: 0.2,
      leastShare: 0.5,
    },
  ],
};
