/** How many classes hold exactly so many subjects, and the rows in them together. */
export interface ClassSizeCount {
  readonly subjects: number;
  readonly classes: number;
  readonly rows: number;
}
