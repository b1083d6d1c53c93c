import { describeForm } from '../../privacy/treatments/describe-treatment';
import { ALPHABETS, type Treatment } from '../../privacy/treatments/treatment';
import { parseExpression } from '../expressions/parse-expression';
import type { ColumnType } from '../plan/plan';
import type { Column } from '../schema/agreement';
import { listStyles } from '../written-styles';
import { type DocumentPath, errorAt, type Remark } from '../yaml/remark';
import { checkGeneralisation } from './check-generalisation';
import { checkTreatment } from './check-treatment';
import type { AgreementDraft, DatasetDraft } from './draft-agreement';
import { fitsType } from './fits-type';

/** What each column says: its role, treatment, way to be generalised, checks and missing values fit one another. */
export function checkColumns({ datasets }: AgreementDraft): Remark[] {
  return Object.entries(datasets ?? {}).flatMap(([id, dataset]) => {
    const columns = Object.entries(dataset?.columns ?? {});
    const types = new Map(
      columns.flatMap(([name, column]) => (column === undefined ? [] : [[name, column.type] as const])),
    );
    return columns.flatMap(([name, column]) => {
      if (dataset === undefined || column === undefined) return [];
      const path = ['datasets', id, 'columns', name];
      return [
        ...checkTreatment(path, name, column, dataset),
        ...checkGeneralisation(path, column),
        ...checkMissing(path, name, column, dataset),
        ...checkWritten(path, column),
        ...(types.size === columns.length ? checkConditions(path, column, types) : []),
      ];
    });
  });
}

function checkWritten(path: DocumentPath, { written, type }: Column): Remark[] {
  if (written === undefined || listStyles(type).includes(written)) return [];
  const styles = listStyles(type).map((style) => JSON.stringify(style));
  return [
    errorAt(
      [...path, 'written'],
      `values of the type ${type.kind} are not written as ${JSON.stringify(written)}`,
      styles.length === 0 ? 'Leave `written` out.' : `Use one of ${styles.join(', ')}.`,
    ),
  ];
}

function checkMissing(
  path: DocumentPath,
  name: string,
  { missing, type, treatment }: Column,
  { subject }: DatasetDraft,
): Remark[] {
  if (missing === undefined) return [];
  if (name === subject && missing.kind !== 'reject') {
    return [
      errorAt(
        [...path, 'missing'],
        'a row without a subject cannot be counted',
        'Say `missing: reject` for the subject, or nothing.',
      ),
    ];
  }
  if (missing.kind !== 'fill') return [];
  if (treatment?.kind === 'format-preserving' && !hasForm(missing.value, treatment)) {
    return [
      errorAt(
        [...path, 'missing', 'fill'],
        `\`${missing.value}\` is not ${describeForm(treatment)}`,
        'Fill in a value that the treatment can replace, or say `missing: keep`.',
      ),
    ];
  }
  if (!fitsType(missing.value, type)) {
    return [
      errorAt(
        [...path, 'missing', 'fill'],
        `\`${missing.value}\` is not of the type ${type.kind}`,
        "Fill in a value of the column's own type.",
      ),
    ];
  }
  return [];
}

function hasForm(text: string, form: Extract<Treatment, { kind: 'format-preserving' }>): boolean {
  const characters = [...text];
  const fitsLength = characters.length >= form.minLength && characters.length <= form.maxLength;
  return fitsLength && characters.every((character) => ALPHABETS[form.alphabet].includes(character));
}

function checkConditions(path: DocumentPath, { check }: Column, types: ReadonlyMap<string, ColumnType>): Remark[] {
  return (check ?? []).flatMap((text, index) => {
    const reading = parseExpression(text, types);
    if (reading.kind === 'condition') return [];
    const { offset, problem, remedy } = reading;
    return [{ ...errorAt([...path, 'check', index], problem, remedy), offset }];
  });
}
