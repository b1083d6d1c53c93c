import type { ColumnType, PlannedDataset } from '../../agreement/plan/plan';

/** The type that a class column's values have in classes: a masked column is text whatever it was before. */
export function typeInClass(dataset: PlannedDataset, name: string): ColumnType {
  const column = dataset.columns.find((candidate) => candidate.name === name);
  if (!column) throw new Error(`The plan's class column ${name} is no column of dataset ${dataset.id}.`);
  return column.treatment.kind === 'mask' ? { kind: 'string' } : column.type;
}
