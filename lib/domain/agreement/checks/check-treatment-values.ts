import { type Decimal, parseDecimal } from '../../privacy/treatments/decimal';
import { describeForm } from '../../privacy/treatments/describe-treatment';
import { NOISE_DIGITS, planNoise } from '../../privacy/treatments/plan-noise';
import { ALPHABETS, type Treatment } from '../../privacy/treatments/treatment';
import type { ColumnType } from '../plan/plan';
import type { Column } from '../schema/agreement';
import type { TreatmentChoice } from '../schema/treatment-schema';
import { type DocumentPath, errorAt, type Remark } from '../yaml/remark';
import { chooseStep, unitOf } from './column-rules';
import type { DatasetDraft } from './draft-agreement';
import { fitsType } from './fits-type';

type Kind = ColumnType['kind'];

/**
 * Digits of decimals whose neighbours are merged. Engines count in 38: as far as two values lie apart, once for the spread of a
 * group, and for a mean once for every one of up to 2³² rows.
 */
const MOST_MERGED = { mean: 28, median: 37 } as const;

/** What can be encrypted so that trying all texts is no way to read them (NIST SP 800-38G Rev. 1, section 5.2). */
const LEAST_TEXTS = 1_000_000;

/** What a treatment says fits the column's type: no rule for one treatment looks at another. */
export function checkTreatmentValues(
  path: DocumentPath,
  column: Column,
  treatment: TreatmentChoice,
  dataset: DatasetDraft,
): Remark[] {
  const at = [...path, 'treatment'];
  const { type } = column;
  switch (treatment.kind) {
    case 'keep':
    case 'drop':
    case 'generalise':
      return [];
    case 'token':
      return type.kind === 'double' ? [unwritten(at)] : [];
    case 'mask':
      return type.kind === 'double' && treatment.keepFirst + treatment.keepLast > 0 ? [unwritten(at)] : [];
    case 'date-shift':
      return [
        ...checkType(at, type, ['date', 'timestamp'], 'be shifted by days', 'Use dateShift on a date or timestamp.'),
        ...checkSubject(at, 'dates are shifted', dataset),
      ];
    case 'format-preserving':
      return checkForm([...at, 'formatPreserving'], type, treatment);
    case 'top-bottom':
      return checkBounds([...at, 'topBottom'], type, treatment);
    case 'round':
      return checkMultiple([...at, 'round', 'to'], type, treatment.multiple);
    case 'noise':
      return [
        ...checkNoise([...at, 'noise'], type, { ...treatment, step: chooseStep(treatment, type) }),
        ...checkSubject(at, 'noise is drawn', dataset),
      ];
    case 'microaggregate':
      return checkMerged([...at, 'microaggregate'], type, treatment.centre);
    case 'common-text':
      return checkType(at, type, ['string'], 'be a text that others share', 'Use commonText on a string.');
  }
}

function checkType(
  at: DocumentPath,
  { kind }: ColumnType,
  allowed: readonly Kind[],
  what: string,
  remedy: string,
): Remark[] {
  return allowed.includes(kind) ? [] : [errorAt(at, `a column of type ${kind} cannot ${what}`, remedy)];
}

/** One draw for all rows would be a code book: equal values would stay equal, and one known value tell all like it. */
function checkSubject(at: DocumentPath, what: string, { subject }: DatasetDraft): Remark[] {
  if (subject !== undefined) return [];
  return [errorAt(at, `${what} per subject, and the dataset names none`, 'Name its `subject` column.')];
}

function unwritten(at: DocumentPath): Remark {
  return errorAt(
    at,
    'a double has no one way to be written, so the same number could become two texts',
    'Declare the column decimal(p,s) or string, or use `mask` without visible characters.',
  );
}

function checkForm(
  at: DocumentPath,
  type: ColumnType,
  form: Extract<Treatment, { kind: 'format-preserving' }>,
): Remark[] {
  const misfit = checkType(
    at,
    type,
    ['string'],
    'keep a form of characters',
    'Declare it string: a number would lose zeros at its start.',
  );
  if (misfit.length > 0) return misfit;
  const { alphabet, minLength, maxLength } = form;
  if (minLength > maxLength) {
    return [errorAt([...at, 'length'], `${minLength} characters are more than ${maxLength}`, 'Write the least first.')];
  }
  const radix = ALPHABETS[alphabet].length;
  if (radix ** minLength >= LEAST_TEXTS) return [];
  const needed = Math.ceil(Math.log(LEAST_TEXTS) / Math.log(radix));
  return [
    errorAt(
      [...at, 'length'],
      `there are so few texts of ${describeForm({ ...form, maxLength: minLength })} that somebody could try them all`,
      `Ask for at least ${needed} characters of ${alphabet} (a million texts), or use token.`,
    ),
  ];
}

const NUMBERS = ['integer', 'decimal', 'double'] as const;

function checkBounds(
  at: DocumentPath,
  type: ColumnType,
  { bottom, top }: { readonly bottom?: string; readonly top?: string },
): Remark[] {
  const misfit = checkType(
    at,
    type,
    [...NUMBERS, 'date', 'timestamp'],
    'have a bottom or top',
    'Use topBottom on numbers, dates and timestamps.',
  );
  if (misfit.length > 0) return misfit;
  if (bottom === undefined && top === undefined) {
    return [errorAt(at, 'no bound is named', 'Write { bottom: 18, top: 90 }, or one of them.')];
  }
  const unfit = Object.entries({ bottom, top }).flatMap(([name, bound]) =>
    bound === undefined || fitsType(bound, type)
      ? []
      : [
          errorAt(
            [...at, name],
            `\`${bound}\` is not of the type ${type.kind}`,
            "Write a value of the column's own type.",
          ),
        ],
  );
  if (unfit.length > 0 || bottom === undefined || top === undefined || isBelow(bottom, top)) return unfit;
  return [errorAt([...at, 'top'], `${top} is not above ${bottom}`, 'Write the smaller bound as `bottom`.')];
}

/** Numbers by their size; dates and timestamps, whose texts are of one form, by their letters. */
function isBelow(left: string, right: string): boolean {
  const [a, b] = [parseDecimal(left), parseDecimal(right)];
  return a !== undefined && b !== undefined ? compare(a, b) < 0n : left < right;
}

function compare(a: Decimal, b: Decimal): bigint {
  return a.digits * 10n ** BigInt(b.scale) - b.digits * 10n ** BigInt(a.scale);
}

function checkMultiple(at: DocumentPath, type: ColumnType, multiple: string): Remark[] {
  const misfit = checkType(
    at,
    type,
    NUMBERS,
    'be rounded',
    'Only integers, decimals and doubles are; dates are generalised.',
  );
  if (misfit.length > 0) return misfit;
  const unit = unitOf(type);
  if (unit === undefined || isMultipleOf(multiple, unit)) {
    return fitsType(multiple, type)
      ? []
      : [errorAt(at, `\`${multiple}\` is more than the column holds`, 'Write a smaller multiple.')];
  }
  return [
    errorAt(
      at,
      `${multiple} is finer than the column: its values are multiples of ${unit}`,
      `Use multiples of ${unit}.`,
    ),
  ];
}

function isMultipleOf(number: string, unit: string): boolean {
  const [whole, part] = [parseDecimal(number), parseDecimal(unit)];
  if (whole === undefined || part === undefined) return false;
  const scale = Math.max(whole.scale, part.scale);
  const digits = ({ digits: written, scale: own }: Decimal) => written * 10n ** BigInt(scale - own);
  return digits(whole) % digits(part) === 0n;
}

function checkNoise(at: DocumentPath, type: ColumnType, noise: Extract<Treatment, { kind: 'noise' }>): Remark[] {
  const { step, bottom, top } = noise;
  if (type.kind === 'double') {
    return [
      errorAt(
        at,
        'the last digits of a double tell the value that noise was added to',
        'Declare the column decimal(p,s).',
      ),
    ];
  }
  const misfit = checkType(at, type, ['integer', 'decimal'], 'be moved by noise', 'Only integers and decimals are.');
  if (misfit.length > 0) return misfit;
  const unfit = [...checkMultiple([...at, 'step'], type, step), ...checkBounds(at, type, noise)];
  if (unfit.length > 0) return unfit;
  const uneven = (['bottom', 'top'] as const).filter((name) => !isMultipleOf(noise[name], step));
  if (uneven.length > 0) {
    return uneven.map((name) =>
      errorAt(
        [...at, name],
        `${noise[name]} is no multiple of the step ${step}`,
        'Write bounds that are, or another step.',
      ),
    );
  }
  const { thresholds, most } = planNoise(noise);
  if (thresholds.length > NOISE_DIGITS) {
    return [errorAt([...at, 'step'], 'the range has more steps than noise can be drawn in', 'Write a larger step.')];
  }
  const farthest = Number(step) * most + Math.max(Math.abs(Number(bottom)), Math.abs(Number(top)));
  const holds = type.kind === 'decimal' ? 10 ** (type.precision - type.scale) : 2 ** 63;
  if (farthest < holds) return [];
  return [
    errorAt(
      at,
      `with so much noise values may reach ${farthest}, which the column does not hold`,
      'Give the column more digits in front of the point, raise epsilon or bring the bounds together.',
    ),
  ];
}

function checkMerged(at: DocumentPath, type: ColumnType, centre: 'mean' | 'median'): Remark[] {
  if (type.kind === 'double') {
    return [
      errorAt(
        at,
        'sums of doubles depend on their order, so two engines could differ',
        'Declare the column decimal(p,s).',
      ),
    ];
  }
  if (centre === 'mean' && (type.kind === 'date' || type.kind === 'timestamp')) {
    return [errorAt(at, `a column of type ${type.kind} has no mean`, 'Write `show: median`.')];
  }
  if (type.kind === 'decimal' && type.precision > MOST_MERGED[centre]) {
    const remedy = `Declare at most ${MOST_MERGED[centre]} digits in all, e.g. decimal(18,4).`;
    return [errorAt(at, `of ${type.precision} digits a ${centre} cannot be counted exactly`, remedy)];
  }
  return checkType(
    at,
    type,
    ['integer', 'decimal', 'date', 'timestamp'],
    'be merged with its neighbours',
    'Use microaggregate on integers, decimals, dates and timestamps.',
  );
}
