import type { Recogniser } from '../recogniser';

export const income: Recogniser = {
  kind: 'income',
  title: 'income, debt or credit standing',
  nature: 'sensitive',
  header:
    /\b(income|salary|wage|pay ?grade|credit ?(score|rating|limit)|debt|net ?worth|einkommen|gehalt|lohn|schulden|bonitat|schufa|revenu|salaire|ingresos|salario|reddito|stipendio)\b/,
  fits: (value) => value.length <= 40,
  tests: [],
};
