import { binomialTail } from '../statistics/binomial-tail';
import { RECOGNISERS } from './list-recognisers';
import { readHeader } from './read-header';
import type { Nature, Recogniser, ValueTest } from './recogniser';

/** Distinct values of one column, as texts: all of them, or a sample that does not depend on what they look like. */
interface ColumnSample {
  readonly name: string;
  readonly values: readonly string[];
}

/** What a column's values look like. Holds figures only, never a value. */
export interface Recognition {
  readonly kind: string;
  readonly title: string;
  readonly nature: Nature;
  /** Which form of it, e.g. a country. */
  readonly label?: string;
  /** `inside`: within longer texts. */
  readonly by: 'name' | 'values' | 'inside';
  /** Of the values looked at, how many are it. */
  readonly matched: number;
  readonly looked: number;
}

/** Accident explains a finding with at most this probability, per test. */
const ACCIDENT = 1e-6;
/** A text of so many characters may hold another: fewer are hardly more than an identifier itself. */
const LEAST_TEXT = 8;

/**
 * The kinds that a column seems to hold, the surest first: by its name and values before by its values alone. Every value is
 * tested, so that neither their order nor their number hides one.
 */
export function recogniseColumn({ name, values: given }: ColumnSample): readonly Recognition[] {
  if (given.length === 0) return [];
  const values = given.map((value) => writeWhole(writePlain(value)));
  const header = readHeader(name);
  return RECOGNISERS.flatMap((recogniser) => recognise(recogniser, header, values) ?? []).toSorted(
    (left, right) => rank(left) - rank(right) || right.matched / right.looked - left.matched / left.looked,
  );
}

/** As a keyboard has it: wide forms of digits and letters, spaces and hyphens that do not break, characters of no width. */
function writePlain(value: string): string {
  if (ASCII.test(value)) return value;
  return value
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\p{Pd}/gu, '-');
}

const ASCII = /^[ -~]*$/;

/** Whole numbers that passed through a program which knows no missing integers: `4539578763621486.0`. */
function writeWhole(value: string): string {
  return value.endsWith('0') ? value.replace(/^(\d+)\.0+$/, '$1') : value;
}

function rank({ by }: Recognition): number {
  return ['name', 'values', 'inside'].indexOf(by);
}

function recognise(recogniser: Recogniser, header: string, values: readonly string[]): Recognition | undefined {
  const { kind, title, nature } = recogniser;
  const said = recogniser.header?.test(header) === true;
  if (said) {
    const fits =
      recogniser.fits ?? ((value: string) => recogniser.tests.some(({ looks, isOne }) => looks(value) && isOne(value)));
    const matched = values.filter(fits).length;
    if (matched >= values.length / 2) return { kind, title, nature, by: 'name', matched, looked: values.length };
  }
  for (const test of recogniser.tests) {
    const found = testValues(test, values) ?? testInside(test, values);
    if (found) return { kind, title, nature, ...(test.label !== undefined && { label: test.label }), ...found };
  }
  return undefined;
}

function testValues(test: ValueTest, values: readonly string[]) {
  const { looks, isOne, byChance, leastShare = 0 } = test;
  const alike = values.filter(looks);
  const matched = alike.filter(isOne).length;
  if (matched === 0 || matched / values.length < leastShare) return undefined;
  if (binomialTail(alike.length, byChance, matched) > ACCIDENT) return undefined;
  return { by: 'values', matched, looked: values.length } as const;
}

function testInside({ inside, isOne, byChance }: ValueTest, values: readonly string[]) {
  if (!inside) return undefined;
  let candidates = 0;
  let found = 0;
  let matched = 0;
  for (const value of values) {
    if (value.length < LEAST_TEXT) continue;
    const ones = (value.match(inside) ?? []).map(isOne);
    candidates += ones.length;
    found += ones.filter(Boolean).length;
    if (ones.includes(true)) matched++;
  }
  if (matched === 0 || binomialTail(candidates, byChance, found) > ACCIDENT) return undefined;
  return { by: 'inside', matched, looked: values.length } as const;
}
