import type { Column } from './agreement';
import { checkGeneralisation } from './check-generalisation';
import { chooseTreatment, isClassColumn, isSearched } from './column-rules';
import type { AgreementDraft, DatasetDraft } from './draft-agreement';
import { isDate, readTimestamp } from './duration';
import { parseExpression } from './parse-expression';
import type { ColumnType } from './plan';
import { type DocumentPath, errorAt, type Remark } from './remark';

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
        ...checkTreatment(path, column, dataset),
        ...checkGeneralisation(path, column),
        ...checkMissing(path, name, column, dataset),
        ...(types.size === columns.length ? checkConditions(path, column, types) : []),
      ];
    });
  });
}

function checkTreatment(path: DocumentPath, column: Column, dataset: DatasetDraft): Remark[] {
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
    remarks.push(...checkRole(path, column, treatment.kind));
  }
  if (treatment?.kind === 'date-shift') {
    if (column.type.kind !== 'date' && column.type.kind !== 'timestamp') {
      remarks.push(
        errorAt(
          [...path, 'treatment'],
          `a column of type ${column.type.kind} cannot be shifted by days`,
          'Use dateShift on a date or timestamp.',
        ),
      );
    }
    if (dataset.subject === undefined) {
      remarks.push(
        errorAt(
          [...path, 'treatment'],
          'dates are shifted per subject, and the dataset names none',
          'Name its `subject` column.',
        ),
      );
    }
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

function checkRole(
  path: DocumentPath,
  { role, generalise, exempt, mayIdentify }: Column,
  treatment: NonNullable<Column['treatment']>['kind'],
): Remark[] {
  const remarks: Remark[] = [];
  const isOpen = treatment === 'keep' || treatment === 'token' || treatment === 'date-shift';
  if (role === 'identifier' && treatment !== 'token' && treatment !== 'mask' && treatment !== 'drop') {
    remarks.push(errorAt([...path, 'treatment'], 'the identifier would leave untreated', 'Use token, mask or drop.'));
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

function checkMissing(
  path: DocumentPath,
  name: string,
  { missing, type }: Column,
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
  if (missing.kind === 'fill' && !fits(missing.value, type)) {
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

function fits(value: string, type: ColumnType): boolean {
  switch (type.kind) {
    case 'string':
      return true;
    case 'integer':
      return /^-?\d{1,18}$/.test(value);
    case 'double':
      return /^-?\d+(\.\d+)?$/.test(value);
    case 'decimal': {
      const [, whole = '', fraction = ''] = /^-?(\d+)(?:\.(\d+))?$/.exec(value) ?? [];
      return (
        whole !== '' &&
        whole.length <= type.precision - type.scale + (/^0+$/.test(whole) ? 1 : 0) &&
        fraction.length <= type.scale
      );
    }
    case 'boolean':
      return value === 'true' || value === 'false';
    case 'date':
      return isDate(value);
    case 'timestamp':
      return readTimestamp(value) !== undefined;
  }
}

function checkConditions(path: DocumentPath, { check }: Column, types: ReadonlyMap<string, ColumnType>): Remark[] {
  return (check ?? []).flatMap((text, index) => {
    const reading = parseExpression(text, types);
    if (reading.kind === 'condition') return [];
    const { offset, problem, remedy } = reading;
    return [{ ...errorAt([...path, 'check', index], problem, remedy), offset }];
  });
}
