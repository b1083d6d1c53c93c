import type { Histogram } from './histogram';

/** Distinct subjects of the whole delivery. */
export function countSubjects({ subjects, spanning }: Pick<Histogram, 'subjects' | 'spanning'>): number {
  return subjects.reduce((sum, count) => sum + count, spanning.offsets.length - 1);
}
