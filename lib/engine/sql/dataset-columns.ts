import type { PlannedColumn, PlannedDataset } from '../../domain/agreement/plan/plan';

/**
 * Columns go by their place in the dataset while they are worked on, so that no name of an agreement or a file can meet
 * another, or differ from it by case alone where an engine does not tell cases apart.
 */
export function givenName(index: number): string {
  return `given_${index}`;
}

/** The column's typed value, once it is read. */
export function valueName(index: number): string {
  return `value_${index}`;
}

/** @throws Error for a name that the plan should never have let through. */
export function indexOfColumn(dataset: PlannedDataset, name: string): number {
  const index = dataset.columns.findIndex((column) => column.name === name);
  if (index < 0) throw new Error(`The plan names column ${name}, which dataset ${dataset.id} does not have.`);
  return index;
}

export function valueNameOf(dataset: PlannedDataset, name: string): string {
  return valueName(indexOfColumn(dataset, name));
}

export function columnOfClass(dataset: PlannedDataset, classIndex: number): PlannedColumn {
  const { column } = dataset.classColumns[classIndex]!;
  return dataset.columns[indexOfColumn(dataset, column)]!;
}
