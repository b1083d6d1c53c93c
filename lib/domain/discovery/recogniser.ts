/**
 * `identifier`: names somebody by itself. `quasi`: helps to single somebody out. `sensitive`: a special category (GDPR
 * Art. 9) or what people keep to themselves.
 */
export type Nature = 'identifier' | 'quasi' | 'sensitive';

/** One kind of personal data, and how it is known by a column's values and by its name. */
export interface Recogniser {
  readonly kind: string;
  readonly title: string;
  readonly nature: Nature;
  /** Against the column's name as lower-case words without accents, one space between them: see `readHeader`. */
  readonly header?: RegExp;
  /** What is enough where the name says so too. Without it, `tests` decide alone. */
  readonly fits?: (value: string) => boolean;
  /** What proves it by values alone. */
  readonly tests: readonly ValueTest[];
}

export interface ValueTest {
  /** What sets it apart from other tests of the kind, e.g. a country. */
  readonly label?: string;
  /** A cheap look, before the dearer `isOne`. */
  readonly looks: (value: string) => boolean;
  readonly isOne: (value: string) => boolean;
  /** At most this share of values that look so, and are something else, pass `isOne` by accident. */
  readonly byChance: number;
  /** Share of the values that must pass; default: as few as accident cannot explain. */
  readonly leastShare?: number;
  /** Finds candidates inside longer texts; global. */
  readonly inside?: RegExp;
}
