import { type DocumentPath, errorAt, type Remark } from '../yaml/remark';
import { checkName } from './check-name';
import { chooseTreatment } from './column-rules';
import type { AgreementDraft, DatasetDraft } from './draft-agreement';

/** What a dataset says about itself and its columns as a whole. */
export function checkDatasets({ datasets, parties }: AgreementDraft): Remark[] {
  return Object.entries(datasets ?? {}).flatMap(([id, dataset]) => {
    if (dataset === undefined) return [];
    const path = ['datasets', id];
    return [
      ...checkName([...path, 'owner'], 'party', dataset.owner, parties),
      ...checkColumnNames(path, dataset),
      ...checkRelease(path, dataset),
    ];
  });
}

function checkColumnNames(path: DocumentPath, { columns, subject, clean }: DatasetDraft): Remark[] {
  if (columns === undefined) return [];
  const dedupe = Array.isArray(clean?.dedupe) ? clean.dedupe : [];
  return [
    ...checkName([...path, 'subject'], 'column', subject, columns),
    ...dedupe.flatMap((name, index) => checkName([...path, 'clean', 'dedupe', index], 'column', name, columns)),
    ...checkCase(path, Object.keys(columns)),
  ];
}

/** Neither DuckDB nor Spark tells `Age` from `age`. */
function checkCase(path: DocumentPath, names: readonly string[]): Remark[] {
  const seen = new Map<string, string>();
  return names.flatMap((name) => {
    const twin = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), name);
    return twin === undefined
      ? []
      : [
          errorAt(
            [...path, 'columns', name],
            `\`${name}\` and \`${twin}\` differ in case only`,
            'Rename one of them, in the file too.',
          ),
        ];
  });
}

function checkRelease(path: DocumentPath, { columns }: DatasetDraft): Remark[] {
  if (columns === undefined) return [];
  const at = [...path, 'columns'];
  const listed = Object.values(columns);
  if (listed.length === 0)
    return [errorAt(at, 'the dataset has no column', 'List the columns: { name: { type, role } }.')];
  const isEveryDropped = listed.every((column) => column !== undefined && chooseTreatment(column)?.kind === 'drop');
  return isEveryDropped ? [errorAt(at, 'every column is dropped', 'Let at least one column go out.')] : [];
}
