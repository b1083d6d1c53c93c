import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import type { GivenColumn } from './list-given-columns';

/** A file that no agreement speaks of, as a dataset whose columns are all taken as they are. */
export function datasetOf(id: string, given: readonly GivenColumn[]): PlannedDataset {
  return {
    id,
    owner: '',
    title: id,
    version: 1,
    columns: given.map(({ name, type }) => ({
      name,
      title: name,
      type,
      role: 'plain',
      treatment: { kind: 'keep' },
      missing: { kind: 'keep' },
      checks: [],
      releasedAs: type,
    })),
    clean: { dedupe: [], rejectAbove: 1, missingTexts: [] },
    classColumns: [],
  };
}
