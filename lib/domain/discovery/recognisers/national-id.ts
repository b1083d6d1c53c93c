import isIdentityCard, { type IdentityCardLocale } from 'validator/lib/isIdentityCard';
import isTaxID from 'validator/lib/isTaxID';
import type { Recogniser, ValueTest } from '../recogniser';

/** `byChance`: what its check digits, dates and letters let pass of random numbers of the same look. */
function taxId(locale: string, looks: RegExp, byChance: number): ValueTest {
  return {
    label: locale.slice(3),
    looks: (value) => looks.test(value),
    isOne: (value) => isTaxID(value, locale),
    byChance,
  };
}

function identityCard(locale: IdentityCardLocale, looks: RegExp, byChance: number): ValueTest {
  return {
    label: locale.slice(-2),
    looks: (value) => looks.test(value),
    isOne: (value) => isIdentityCard(value, locale),
    byChance,
  };
}

/** Numbers that a state gives its residents, by country; those without check digit only where their form is their own. */
export const nationalId: Recogniser = {
  kind: 'national-id',
  title: 'national identity, tax or insurance number',
  nature: 'identifier',
  header:
    /\b(ssn|social ?security|national ?(id|insurance)|nino|nhs( ?(no|number))?|tax ?(id|number)|steuer ?(id|nummer|identifikationsnummer)|sozialversicherung\w*|personal ?(id|ausweis\w*|nummer)|personnummer|pesel|bsn|burgerservicenummer|dni|nie|nif|cpf|curp|codice ?fiscale|insee|nir|securite sociale|passport|reisepass|passeport|pasaporte|ausweis\w*|identity ?card|driver ?s? ?licen[cs]e|fuhrerschein\w*)\b/,
  fits: (value) => /^[A-Z\d][A-Z\d ./-]{5,20}$/i.test(value) && (value.match(/\d/g)?.length ?? 0) >= 4,
  tests: [
    taxId('de-DE', /^[1-9]\d{10}$/, 0.03),
    taxId('fr-FR', /^[0-3]\d{12}$/, 0.01),
    taxId('es-ES', /^(\d{8}|[XYZ]\d{7})[A-Z]$/, 0.06),
    taxId('it-IT', /^[A-Z]{6}\d\d[A-Z]\d\d[A-Z]\d{3}[A-Z]$/, 0.05),
    taxId('nl-NL', /^\d{9}$/, 0.12),
    taxId('fr-BE', /^\d{11}$/, 0.03),
    taxId('pt-BR', /^(\d{11}|\d{3}\.\d{3}\.\d{3}-\d{2})$/, 0.02),
    taxId('sv-SE', /^(\d\d)?\d{6}[-+]?\d{4}$/, 0.12),
    taxId('dk-DK', /^\d{6}-?\d{4}$/, 0.12),
    taxId('ro-RO', /^[1-9]\d{12}$/, 0.05),
    taxId('hr-HR', /^\d{11}$/, 0.12),
    taxId('et-EE', /^[1-6]\d{10}$/, 0.05),
    taxId('cs-CZ', /^\d{6}\/?\d{3,4}$/, 0.12),
    identityCard('PL', /^\d{11}$/, 0.11),
    identityCard('FI', /^\d{6}[-+A]\d{3}[0-9A-Z]$/, 0.05),
    identityCard('NO', /^\d{11}$/, 0.03),
    identityCard('zh-CN', /^\d{17}[\dX]$/, 0.01),
    identityCard('zh-TW', /^[A-Z]\d{9}$/, 0.12),
    identityCard('IN', /^[2-9]\d{3}\s?\d{4}\s?\d{4}$/, 0.11),
    {
      label: 'US',
      looks: (value) => /^\d{3}-\d{2}-\d{4}$/.test(value),
      isOne: (value) => !/^(000|666|9\d\d)|-00-|-0000$/.test(value),
      byChance: 0.5,
    },
    {
      label: 'GB',
      looks: (value) => /^[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]$/.test(value),
      isOne: (value) => /^(?!BG|GB|KN|NK|NT|TN|ZZ)[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z]/.test(value),
      byChance: 0.02,
    },
  ],
};
