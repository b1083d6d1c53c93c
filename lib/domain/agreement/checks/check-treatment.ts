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

function checkRole(path: DocumentPath, { role, generalise, exempt, mayIdentify }: Column, treatment: Kind): Remark[] {
  const remarks: Remark[] = [];
  const isOpen = LEAVES_OPEN.includes(treatment);
  if (role === 'identifier' && !HIDES.includes(treatment)) {
    remarks.push(
      errorAt(
        [...path, 'treatment'],
        'the identifier would leave untreated',
        'Use token, formatPreserving, mask or drop.',
      ),
    );
  }
  if (role === 'quasi' && SCATTERS.includes(treatment)) {
    remarks.push(
      errorAt(
        [...path, 'treatment'],
        treatment === 'date-shift'
          ? 'dates that move with their subject make no classes: hardly two subjects of one would still share a date'
          : 'classes are made of what is released, and this treatment would change it behind them',
        'Use generalise, drop or mask; if the column helps nobody to single a subject out, give it the role plain or sensitive.',
      ),
    );
  }
  if (role === 'quasi' && isOpen && exempt === undefined) {
    remarks.push(
      errorAt(
        [...path, 'treatment'],
        'the quasi column would go out without being generalised',
        'Use generalise, drop or mask, or name the clause that lets it go out so (`exempt: "…"`).',
      ),
    );
  }
  if (exempt !== undefined && (role !== 'quasi' || !isOpen)) {
    remarks.push(
      errorAt(
        [...path, 'exempt'],
        'there is nothing to exempt here',
        'Only a quasi column that is not generalised needs `exempt`; remove it.',
      ),
    );
  }
  if (mayIdentify !== undefined && !isSearched(role, treatment)) {
    remarks.push(
      errorAt(
        [...path, 'mayIdentify'],
        'nothing here is held back for looking like an identifier',
        'A declared identifier, a token or a mask needs no `mayIdentify`; remove it.',
      ),
    );
  }
  if (role !== 'quasi' && role !== 'identifier' && treatment === 'generalise') {
    remarks.push(
      errorAt(
        [...path, 'treatment'],
        `a ${role} column is not generalised`,
        'Give it the role quasi if it may help to single somebody out.',
      ),
    );
  }
  if (treatment === 'generalise' && generalise === undefined) {
    remarks.push(
      errorAt(
        [...path, 'treatment'],
        'it is not said how to generalise',
        'Add `generalise: { widths: … }`, { prefixes: … }, { dates: … } or { hierarchy: … }.',
      ),
    );
  }
  if (treatment !== 'generalise' && generalise !== undefined) {
    remarks.push(
      errorAt(
        [...path, 'generalise'],
        `the ${role} column is not generalised`,
        role === 'quasi'
          ? `Remove \`generalise\`, or the treatment ${treatment}.`
          : 'Only quasi columns are generalised; give it that role, or remove `generalise`.',
      ),
    );
  }
  return remarks;
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
