import type { Recogniser } from '../recogniser';

const BORN =
  '(date ?of ?birth|birth ?(date|day)|dob|geburts ?(datum|tag)|geb ?dat(um)?|date ?(de ?)?naissance|fecha ?(de ?)?nacimiento|data ?(di ?)?nascita|geboorte ?datum|data ?urodzenia|data ?(de ?)?nascimento|fodelse ?datum|birth|born)';
const BORN_IN =
  '(year ?of ?birth|birth ?year|yob|geburts ?jahr|annee ?(de ?)?naissance|ano ?(de ?)?nacimiento|anno ?(di ?)?nascita|geboorte ?jaar|rok ?urodzenia)';

export const birthDate: Recogniser = {
  kind: 'birth-date',
  title: 'date or year of birth',
  nature: 'quasi',
  header: new RegExp(`\\b(${BORN}|${BORN_IN})\\b`),
  fits: (value) => /^(18|19|20)\d\d(-\d\d-\d\d)?/.test(value) || /^\d{1,2}[./-]\d{1,2}[./-](\d\d)?\d\d$/.test(value),
  tests: [],
};
