import type { Recogniser } from '../recogniser';

/** What must not be learnt of somebody: GDPR Art. 9 and 10. */
export const specialCategory: Recogniser = {
  kind: 'special-category',
  title: 'health, belief, origin, orientation or offence',
  nature: 'sensitive',
  header:
    /\b(diagnos\w*|disease|illness|icd( ?10)?|medication|drug|treatment|therap\w*|disabilit\w*|allerg\w*|blood ?(type|group)|health|symptom\w*|religion|belief|ethnic\w*|race|sexual( ?orientation)?|orientation|politic\w*|party ?membership|union|conviction|offen[cs]e|criminal|krankheit|gesundheit|medikament|behinderung|glaube|konfession|herkunft|gewerkschaft|straftat|maladie|sante|handicap|origine|syndicat|enfermedad|salud|religione|malattia|salute)\b/,
  fits: (value) => value.length <= 200,
  tests: [
    {
      label: 'ICD-10',
      looks: (value) => /^[A-Z]\d{2}(\.?[A-Z\d]{1,4})?$/.test(value),
      isOne: (value) => /^[A-TV-Z]\d{2}(\.[A-Z\d]{1,4})$/.test(value),
      byChance: 0.3,
      leastShare: 0.5,
    },
  ],
};
