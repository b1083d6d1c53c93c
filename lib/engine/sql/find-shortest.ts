import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import { listSubjectColumns, SUBJECT_ROWS } from './count-tuples';

/** Where all values of a column are found: among the counted subjects, if the histogram left it there. */
export function findShortest(dataset: PlannedDataset, rows: string, index: number): string {
  const { subject } = dataset;
  if (subject === undefined || dataset.classColumns.length === 0) return rows;
  return listSubjectColumns(dataset, subject).has(index) ? SUBJECT_ROWS : rows;
}
