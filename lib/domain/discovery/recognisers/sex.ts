import type { Recogniser } from '../recogniser';

const WORDS = new Set(
  'male female man woman mann frau männlich weiblich divers homme femme masculin féminin hombre mujer masculino femenino maschio femmina mr mrs ms herr non-binary nonbinary'.split(
    ' ',
  ),
);

export const sex: Recogniser = {
  kind: 'sex',
  title: 'sex or gender',
  nature: 'quasi',
  header: /\b(sex|gender|geschl(echt)?|anrede|salutation|sexe|genre|sexo|genero|sesso|geslacht|plec|kon)\b/,
  fits: (value) => value.length <= 20,
  tests: [
    {
      looks: (value) => /^[\p{L}.-]{2,12}$/u.test(value),
      isOne: (value) => WORDS.has(value.toLowerCase().replace(/\.$/, '')),
      byChance: 1e-4,
      leastShare: 0.66,
    },
  ],
};
