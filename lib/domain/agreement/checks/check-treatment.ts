import type { Column } from '../schema/agreement';
import type { TreatmentChoice } from '../schema/treatment-schema';
import { type DocumentPath, errorAt, type Remark } from '../yaml/remark';
import { checkTreatmentValues } from './check-treatment-values';
import { chooseTreatment, isClassColumn, isSearched } from './column-rules';
import type { DatasetDraft } from './draft-agreement';

type Kind = TreatmentChoice['kind'];

/** What an identifier may be released as: nothing that can be read. */
const HIDES: readonly Kind[] = ['token', 'mask', 'drop', 'format-preserving'];
/** Leaves values apart that were apart before, or merges them by a rule of its own. */
const LEAVES_OPEN: readonly Kind[] = ['keep', 'token', 'format-preserving', 'top-bottom', 'round'];
/** Changes values in ways that no class could be made of. */
const SCATTERS: readonly Kind[] = ['date-shift', 'noise', 'microaggregate', 'common-text'];
/** What tells subjects apart as the column does. */
const TELLS_SUBJECTS: readonly Kind[] = ['keep', 'token', 'format-preserving', 'mask', 'drop', 'generalise'];

/** The treatment fits the column's role and type, and the rest of what is said of the column. */
export function checkTreatment(path: DocumentPath, name: string, column: Column, dataset: DatasetDraft): Remark[] {
  const treatment = chooseTreatment(column);
  const remarks: Remark[] = [];
  if (treatment === undefined) {
    remarks.push(
      column.role === 'identifier'
        ? errorAt(
            path,
            'the identifier has no treatment',
            'Say `treatment: token` (the receiver can link, not read), mask or drop.',
          )
        : errorAt(
            path,
            'the quasi column has no way to be generalised',
            'Say how (`generalise: …`), or `treatment: drop` or mask, or name the clause that lets it go out as it is (`exempt: "…"`).',
          ),
    );
  } else {
    remarks.push(
      ...checkRole(path, column, treatment.kind),
      ...checkSubject(path, name, treatment.kind, dataset),
      ...checkTreatmentValues(path, column, treatment, dataset),
    );
  }
  if (column.weight !== undefined && !isClassColumn(column)) {
    remarks.push(
      errorAt(
        [...path, 'weight'],
        'the weight counts for nothing here',
        'Only columns that are generalised have a weight; remove it.',
      ),
    );
  }
  return remarks;
}

/** What does not go together in a column's role and its treatment. */
interface RoleRule {
  readonly isBroken: (column: Column, treatment: Kind) => boolean;
  readonly at: 'treatment' | 'exempt' | 'mayIdentify' | 'generalise';
  readonly problem: (column: Column, treatment: Kind) => string;
  readonly advice: (column: Column, treatment: Kind) => string;
}

const isOpen = (treatment: Kind): boolean => LEAVES_OPEN.includes(treatment);

const ROLE_RULES: readonly RoleRule[] = [
  {
    isBroken: ({ role }, treatment) => role === 'identifier' && !HIDES.includes(treatment),
    at: 'treatment',
    problem: () => 'the identifier would leave untreated',
    advice: () => 'Use token, formatPreserving, mask or drop.',
  },
  {
    isBroken: ({ role }, treatment) => role === 'quasi' && SCATTERS.includes(treatment),
    at: 'treatment',
    problem: (_, treatment) =>
      treatment === 'date-shift'
        ? 'dates that move with their subject make no classes: hardly two subjects of one would still share a date'
        : 'classes are made of what is released, and this treatment would change it behind them',
    advice: () =>
      'Use generalise, drop or mask; if the column helps nobody to single a subject out, give it the role plain or sensitive.',
  },
  {
    isBroken: ({ role, exempt }, treatment) => role === 'quasi' && isOpen(treatment) && exempt === undefined,
    at: 'treatment',
    problem: () => 'the quasi column would go out without being generalised',
    advice: () => 'Use generalise, drop or mask, or name the clause that lets it go out so (`exempt: "…"`).',
  },
  {
    isBroken: ({ role, exempt }, treatment) => exempt !== undefined && (role !== 'quasi' || !isOpen(treatment)),
    at: 'exempt',
    problem: () => 'there is nothing to exempt here',
    advice: () => 'Only a quasi column that is not generalised needs `exempt`; remove it.',
  },
  {
    isBroken: ({ role, mayIdentify }, treatment) => mayIdentify !== undefined && !isSearched(role, treatment),
    at: 'mayIdentify',
    problem: () => 'nothing here is held back for looking like an identifier',
    advice: () => 'A declared identifier, a token or a mask needs no `mayIdentify`; remove it.',
  },
  {
    isBroken: ({ role }, treatment) => role !== 'quasi' && role !== 'identifier' && treatment === 'generalise',
    at: 'treatment',
    problem: ({ role }) => `a ${role} column is not generalised`,
    advice: () => 'Give it the role quasi if it may help to single somebody out.',
  },
  {
    isBroken: ({ generalise }, treatment) => treatment === 'generalise' && generalise === undefined,
    at: 'treatment',
    problem: () => 'it is not said how to generalise',
    advice: () => 'Add `generalise: { widths: … }`, { prefixes: … }, { dates: … } or { hierarchy: … }.',
  },
  {
    isBroken: ({ generalise }, treatment) => treatment !== 'generalise' && generalise !== undefined,
    at: 'generalise',
    problem: ({ role }) => `the ${role} column is not generalised`,
    advice: ({ role }, treatment) =>
      role === 'quasi'
        ? `Remove \`generalise\`, or the treatment ${treatment}.`
        : 'Only quasi columns are generalised; give it that role, or remove `generalise`.',
  },
];

function checkRole(path: DocumentPath, column: Column, treatment: Kind): Remark[] {
  return ROLE_RULES.filter(({ isBroken }) => isBroken(column, treatment)).map(({ at, problem, advice }) =>
    errorAt([...path, at], problem(column, treatment), advice(column, treatment)),
  );
}

function checkSubject(path: DocumentPath, name: string, treatment: Kind, { subject }: DatasetDraft): Remark[] {
  if (name !== subject || TELLS_SUBJECTS.includes(treatment)) return [];
  return [
    errorAt(
      [...path, 'treatment'],
      'the subjects that privacy counts would run into one another',
      'Use token, formatPreserving, mask or drop for the subject.',
    ),
  ];
}
