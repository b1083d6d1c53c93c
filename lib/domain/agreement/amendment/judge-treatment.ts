import type { Generalisation } from '../../privacy/hierarchies/generalisation';
import { compareDecimals, parseDecimal } from '../../privacy/treatments/decimal';
import type { Treatment } from '../../privacy/treatments/treatment';
import type { Effect } from './amendment-change';
import { cannotBeOrdered, higherLoosens, lowerLoosens } from './orders';
import type { Judge } from './rule';

/** Looser where more of a value is seen, or where it cannot be told: two ways to treat it have no order, nor have most of their settings. */
export const judgeTreatment: Judge<Treatment> = (before, after) => {
  if (before === undefined || after === undefined) return 'loosens';
  const [was, is] = [shownBy(before), shownBy(after)];
  if (was !== is) return is > was ? 'loosens' : 'tightens';
  return judgeAlike(before, after);
};

/** 0: nothing. 1: that there was a value. 2: something of it. 3: all of it. */
function shownBy(treatment: Treatment): number {
  switch (treatment.kind) {
    case 'drop':
      return 0;
    case 'mask':
      return treatment.keepFirst + treatment.keepLast === 0 ? 1 : 2;
    case 'keep':
      return 3;
    default:
      return 2;
  }
}

function judgeAlike(before: Treatment, after: Treatment): Effect {
  if (before.kind === 'mask' && after.kind === 'mask')
    return judgeAll(
      unlessSame(before.keepFirst, after.keepFirst, higherLoosens),
      unlessSame(before.keepLast, after.keepLast, higherLoosens),
    );
  if (before.kind === 'generalise' && after.kind === 'generalise')
    return judgeGeneralisation(before.generalisation, after.generalisation);
  if (before.kind === 'date-shift' && after.kind === 'date-shift') return lowerLoosens(before.days, after.days);
  if (before.kind === 'top-bottom' && after.kind === 'top-bottom')
    return judgeAll(
      unlessSame(before.bottom, after.bottom, lowerBoundLoosens),
      unlessSame(before.top, after.top, higherBoundLoosens),
    );
  if (before.kind === 'round' && after.kind === 'round') return finerLoosens(before.multiple, after.multiple);
  if (before.kind === 'noise' && after.kind === 'noise') {
    // The range says how much noise there is, and what is cut off: wider is more of one and less of the other.
    if (before.bottom !== after.bottom || before.top !== after.top) return 'loosens';
    return judgeAll(
      unlessSame(before.epsilon, after.epsilon, higherLoosens),
      unlessSame(before.step, after.step, finerLoosens),
    );
  }
  if (before.kind === 'microaggregate' && after.kind === 'microaggregate')
    return before.centre === after.centre ? lowerLoosens(before.k, after.k) : 'loosens';
  if (before.kind === 'common-text' && after.kind === 'common-text') return lowerLoosens(before.k, after.k);
  return 'loosens';
}

/** Looser as soon as one part is. Undefined: that part is as it was. */
function judgeAll(...effects: readonly (Effect | undefined)[]): Effect {
  return effects.includes('loosens') ? 'loosens' : 'tightens';
}

function unlessSame<T>(before: T | undefined, after: T | undefined, judge: Judge<T>): Effect | undefined {
  return before === after ? undefined : judge(before, after);
}

/** Without a bound nothing is cut off. */
const lowerBoundLoosens: Judge<string> = (before, after) =>
  after === undefined || (before !== undefined && compareValues(after, before) < 0) ? 'loosens' : 'tightens';
const higherBoundLoosens: Judge<string> = (before, after) =>
  after === undefined || (before !== undefined && compareValues(after, before) > 0) ? 'loosens' : 'tightens';

/** Numbers by value, dates and timestamps by their text. */
function compareValues(one: string, other: string): number {
  const [left, right] = [parseDecimal(one), parseDecimal(other)];
  if (left !== undefined && right !== undefined) return compareDecimals(left, right);
  return one < other ? -1 : Number(one > other);
}

/** Multiples of 20 are multiples of 10; those of 15 show what those of 10 do not. */
const finerLoosens: Judge<string> = (before = '', after = '') => {
  const [was, is] = [parseDecimal(before), parseDecimal(after)];
  if (was === undefined || is === undefined) return 'loosens';
  const scale = Math.max(was.scale, is.scale);
  const [fine, coarse] = [was, is].map(({ digits, scale: own }) => digits * 10n ** BigInt(scale - own));
  return fine !== 0n && coarse! % fine! === 0n ? 'tightens' : 'loosens';
};

/** Levels less leave the solver no finer choice; other levels cannot be ordered. */
export const judgeGeneralisation: Judge<Generalisation> = (before, after) => {
  const [was, is] = [levelsOf(before), levelsOf(after)];
  if (before?.kind !== after?.kind || was === undefined || is === undefined) return cannotBeOrdered(before, after);
  return is.every((level) => was.includes(level)) ? 'tightens' : 'loosens';
};

function levelsOf(generalisation: Generalisation | undefined): readonly (string | number)[] | undefined {
  switch (generalisation?.kind) {
    case 'widths':
      return generalisation.widths;
    case 'prefixes':
      return generalisation.lengths;
    case 'dates':
      return generalisation.periods;
    default:
      return undefined;
  }
}
