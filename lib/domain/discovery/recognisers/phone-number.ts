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
    ...(['DE', 'GB', 'FR', 'NL', 'PL'] as const).map((country) => national(country, hasTrunkZero)),
    national('IT', (digits) => /^(0|3)\d{8,10}$/.test(digits)),
    national('ES', (digits) => /^[6789]\d{8}$/.test(digits)),
    national('US', (digits) => /^1?[2-9]\d{2}[2-9]\d{6}$/.test(digits)),
  ],
};
