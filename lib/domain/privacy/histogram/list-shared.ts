import type { PlannedDataset } from '../../agreement/plan/plan';

/** A column whose values go out because enough subjects share each of them. */
interface SharedColumn {
  /** Place in the dataset. */
  readonly index: number;
  readonly name: string;
  readonly k: number;
}

export function listShared({ columns }: Pick<PlannedDataset, 'columns'>): readonly SharedColumn[] {
  return columns.flatMap(({ name, treatment, releasedAs }, index) =>
    releasedAs && (treatment.kind === 'common-text' || treatment.kind === 'microaggregate')
      ? [{ index, name, k: treatment.k }]
      : [],
  );
}
