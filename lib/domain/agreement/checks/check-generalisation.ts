import type { DatePeriod } from '../../privacy/hierarchies/generalisation';
import type { ColumnType } from '../plan/plan';
import type { Column } from '../schema/agreement';
import { type DocumentPath, errorAt, type Remark } from '../yaml/remark';

type Generalise = NonNullable<Column['generalise']>;

const APPLIES_TO: Readonly<Record<Generalise['kind'], readonly ColumnType['kind'][]>> = {
  widths: ['integer', 'decimal', 'double'],
  prefixes: ['string', 'integer'],
  dates: ['date', 'timestamp'],
  hierarchy: ['string', 'integer', 'double', 'boolean', 'date', 'timestamp', 'decimal'],
};

/** Periods that hold whole periods of the key. */
const NESTS_IN: Readonly<Record<DatePeriod, readonly DatePeriod[]>> = {
  day: ['week', 'month', 'quarter', 'year', 'decade'],
  week: [],
  month: ['quarter', 'year', 'decade'],
  quarter: ['year', 'decade'],
  year: ['decade'],
  decade: [],
};

/** Every level merges whole values of the level below, for a column of this type. */
export function checkGeneralisation(path: DocumentPath, { generalise, type }: Column): Remark[] {
  if (generalise === undefined) return [];
  const { kind } = generalise;
  if (!APPLIES_TO[kind].includes(type.kind)) {
    const ways = (Object.keys(APPLIES_TO) as Generalise['kind'][]).filter((way) => APPLIES_TO[way].includes(type.kind));
    return [
      errorAt(
        [...path, 'generalise', kind],
        `${kind} do${kind === 'hierarchy' ? 'es' : ''} not apply to a column of type ${type.kind}`,
        `Use ${ways.join(' or ')}.`,
      ),
    ];
  }
  switch (generalise.kind) {
    case 'widths':
      return checkWidths([...path, 'generalise', 'widths'], generalise.widths, type);
    case 'prefixes':
      return pairs(generalise.lengths).flatMap(([before, length, index]) =>
        length < before
          ? []
          : [
              errorAt(
                [...path, 'generalise', 'prefixes', index],
                `${length} characters are not fewer than ${before}`,
                'List lengths from most to fewest, e.g. [4, 3, 2].',
              ),
            ],
      );
    case 'dates':
      return pairs(generalise.periods).flatMap(([fine, coarse, index]) =>
        NESTS_IN[fine].includes(coarse)
          ? []
          : [
              errorAt(
                [...path, 'generalise', 'dates', index],
                `a ${fine} is not part of one ${coarse}`,
                NESTS_IN[fine].length === 0
                  ? `Nothing comes after ${fine}.`
                  : `After ${fine} comes ${NESTS_IN[fine].join(', ')}.`,
              ),
            ],
      );
    case 'hierarchy':
      return [];
  }
}

function checkWidths(path: DocumentPath, widths: readonly number[], type: ColumnType): Remark[] {
  const unit = type.kind === 'integer' ? 1 : type.kind === 'decimal' ? 10 ** -type.scale : undefined;
  const tooFine = widths.flatMap((width, index) =>
    unit === undefined || divides(unit, width)
      ? []
      : [
          errorAt(
            [...path, index],
            `${width} is finer than the column: its values are ${type.kind === 'integer' ? 'whole numbers' : `multiples of ${unit}`}`,
            `Use multiples of ${unit}.`,
          ),
        ],
  );
  const notNesting = pairs(widths).flatMap(([narrow, wide, index]) =>
    wide > narrow && divides(narrow, wide)
      ? []
      : [
          errorAt(
            [...path, index],
            `${narrow} does not divide ${wide}`,
            'List widths from narrow to wide, each a multiple of the one before, e.g. [5, 10, 20].',
          ),
        ],
  );
  return [...tooFine, ...notNesting];
}

/** Exact for numbers of up to fifteen digits: 0.1 divides 0.3. */
function divides(part: number, whole: number): boolean {
  const times = Math.round(whole / part);
  return times > 0 && Math.abs(whole / part - times) < 1e-9 * times;
}

/** Neighbours, and the place of the second. */
function pairs<T>(list: readonly T[]): [before: T, after: T, index: number][] {
  return list.slice(1).map((after, index) => [list[index]!, after, index + 1]);
}
