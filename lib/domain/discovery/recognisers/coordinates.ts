import isLatLong from 'validator/lib/isLatLong';
import type { Recogniser } from '../recogniser';

/** Where somebody was: four digits behind the point are eleven metres. */
export const coordinates: Recogniser = {
  kind: 'coordinates',
  title: 'coordinates of a place',
  nature: 'quasi',
  header:
    /\b(lat|latitude|lon|lng|long|longitude|coord(inate)?s?|gps|geo ?(point|location|hash)?|breitengrad|langengrad|koordinaten)\b/,
  fits: (value) => isLatLong(value) || /^-?(1[0-7]\d|\d{1,2})\.\d{2,}$/.test(value),
  tests: [
    {
      label: 'pair',
      looks: (value) => /^\(?-?\d{1,3}\.\d{3,}[,;] ?-?\d{1,3}\.\d{3,}\)?$/.test(value),
      isOne: (value) => isLatLong(value.replace(';', ',')),
      byChance: 0.3,
      leastShare: 0.5,
    },
  ],
};
