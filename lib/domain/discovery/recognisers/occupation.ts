import type { Recogniser } from '../recogniser';

export const occupation: Recogniser = {
  kind: 'occupation',
  title: 'occupation, education or household',
  nature: 'quasi',
  header:
    /\b(occupation|profession|job( ?title)?|employer|education|degree|marital( ?status)?|household|children|family ?(size|status)|beruf|arbeitgeber|bildung|abschluss|familienstand|kinder|metier|emploi|etat civil|ocupacion|estado civil|professione|stato civile)\b/,
  fits: (value) => value.length <= 80,
  tests: [],
};
