import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { Recogniser, ValueTest } from '../recogniser';

const isDialled = (value: string) => /^\+?[\d\s()./-]{7,24}$/.test(value);
const digitsOf = (value: string) => value.replace(/\D/g, '');

const international: ValueTest = {
  label: 'international',
  looks: (value) => value.trimStart().startsWith('+') && isDialled(value.trim()),
  isOne: (value) => parsePhoneNumberFromString(value.trim())?.isValid() === true,
  byChance: 1e-4,
  inside: /\+\d[\d\s()./-]{6,20}\d/g,
};

/** Without `+`, as networks write their subscribers' numbers: a country's code first. */
const subscriber: ValueTest = {
  label: 'with country code',
  looks: (value) => /^(00)?[1-9]\d{9,14}$/.test(value),
  isOne: (value) => parsePhoneNumberFromString(`+${value.replace(/^00/, '')}`)?.isValid() === true,
  byChance: 0.6,
};

/** Whole countries' numbering plans hold most numbers of the right length: only a column full of them says something. */
function national(country: CountryCode, looks: (digits: string) => boolean): ValueTest {
  return {
    label: `national, ${country}`,
    looks: (value) => isDialled(value) && looks(digitsOf(value)),
    isOne: (value) => parsePhoneNumberFromString(value, country)?.isValid() === true,
    byChance: 0.75,
    leastShare: 0.8,
  };
}

const TRUNK_ZERO = ['DE', 'GB', 'FR', 'NL', 'PL'] as const;
const CUE =
  '(?:tel(?:e[fp](?:h?on|hone))?|(?:tele)?phone|fon|fax|mobile?|mobil|handy|cell|call|ruf\\w*|anruf\\w*|whatsapp|sms|portable|movil|cellulare)';

/** After a word that says so; of other numbers one in ten begins with a zero, and hardly one is written as in America. */
const announced: ValueTest = {
  label: 'national',
  looks: () => false,
  isOne: (value) =>
    hasTrunkZero(digitsOf(value))
      ? [...TRUNK_ZERO, 'IT' as const].some((country) => parsePhoneNumberFromString(value, country)?.isValid())
      : /^\(?[2-9]\d\d\)?[ .-]{1,2}[2-9]\d\d[ .-]\d{4}$/.test(value),
  byChance: 0.1,
  inside: new RegExp(
    `(?=[(0-9])(?<=\\b${CUE}\\W{1,3}(?:(?:nr|no|number|nummer|me at|at|on)\\W{1,2})?)\\(?\\d[\\d ()./-]{7,20}\\d(?!\\w)`,
    'gi',
  ),
};

/**
 * Without such a word only numbers of mobile networks, written apart: that a number of nine digits begins with a zero makes
 * it valid in some country, and of such numbers a quarter have the first digits of a mobile network in one of them.
 */
const mobile: ValueTest = {
  label: 'national, mobile',
  looks: () => false,
  isOne: (value) => /^(01[567]\d{8,9}|07\d{9}|0[67]\d{8})$/.test(digitsOf(value)),
  byChance: 0.25,
  inside: /(?<![\w.+-])(?!0\d[ /-]\d\d[ /-]\d{4})\(?0[1-9]\d{0,4}\)?[ /-]\d[\d /-]{4,11}\d(?!\w)/g,
};

const hasTrunkZero = (digits: string) => /^0[1-9]\d{7,10}$/.test(digits);

export const phoneNumber: Recogniser = {
  kind: 'phone',
  title: 'telephone number',
  nature: 'identifier',
  header:
    /\b(tele?(f|ph)on\w*|phones?|mobile?|mobil|handy|cell( ?phone)?|msisdn|fax|rufnummer|movil|cellulare|tel|telefono)\b/,
  fits: (value) => isDialled(value) && /^\d{6,15}$/.test(digitsOf(value)),
  tests: [
    international,
    subscriber,
    ...TRUNK_ZERO.map((country) => national(country, hasTrunkZero)),
    announced,
    mobile,
    national('IT', (digits) => /^(0|3)\d{8,10}$/.test(digits)),
    national('ES', (digits) => /^[6789]\d{8}$/.test(digits)),
    national('US', (digits) => /^1?[2-9]\d{2}[2-9]\d{6}$/.test(digits)),
  ],
};
