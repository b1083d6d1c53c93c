import type { Recogniser } from '../recogniser';

export const place: Recogniser = {
  kind: 'place',
  title: 'place of living or origin',
  nature: 'quasi',
  header:
    /\b(city|town|village|municipality|county|district|province|state|region|country|nationality|citizenship|birth ?place|place ?of ?birth|stadt|ort|wohnort|gemeinde|kreis|bezirk|bundesland|land|nationalitat|staatsangehorigkeit|geburtsort|ville|commune|pays|nationalite|ciudad|provincia|pais|nacionalidad|citta|comune|paese|woonplaats|gemeente|miasto|kraj)\b/,
  fits: (value) => /\p{L}/u.test(value) && value.length <= 80,
  tests: [],
};
