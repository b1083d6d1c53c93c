/** Whom a delivery is a part of, by their number or counted by what the class columns say of them. */
export type Population =
  | { readonly kind: 'size'; readonly subjects: number }
  | {
      readonly kind: 'counts';
      readonly file: string;
      /** A value per class column, in the dataset's order (null: missing), and how many subjects have all of them. */
      readonly rows: readonly PopulationRow[];
    };

export interface PopulationRow {
  readonly values: readonly (string | null)[];
  readonly subjects: number;
}
