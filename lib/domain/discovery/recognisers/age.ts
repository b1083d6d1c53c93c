import type { Recogniser } from '../recogniser';

export const age: Recogniser = {
  kind: 'age',
  title: 'age',
  nature: 'quasi',
  header: /^(?!.*\b(account|days|months)\b).*\b(age|alter|edad|eta|leeftijd|wiek|idade|alder)\b/,
  fits: (value) => /^\d{1,3}$/.test(value) && Number(value) <= 125,
  tests: [],
};
