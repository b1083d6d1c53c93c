/** One number of the floor, as the classes at the most general levels keep it. */
export interface FloorNumber {
  /** Rows in classes that fail it. */
  readonly failing: number;
  /** What those classes do. */
  readonly failure: string;
  /** The change that lets all classes pass but for so many rows; absent where the language has no such number. */
  readonly relax: (spareRows: number) => string | undefined;
  /** Another change after which it asks for nothing. */
  readonly avoid?: string;
}
