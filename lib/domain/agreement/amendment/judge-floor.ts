import type { ClosenessFloor, DiversityFloor } from '../../privacy/models/privacy-floor';
import { higherLoosens, lowerLoosens } from './orders';
import type { Judge } from './rule';

/** So many distinct values follow from both other measures (Machanavajjhala et al.), which have no order. */
export const judgeDiversity: Judge<DiversityFloor> = (before, after) => {
  if (before === undefined || after === undefined) return lowerLoosens(before?.atLeast, after?.atLeast);
  const [was, is] = [before.measure ?? 'distinct', after.measure ?? 'distinct'];
  if (after.atLeast < before.atLeast || (was !== is && was !== 'distinct')) return 'loosens';
  const isMilder = before.measure === 'recursive' && after.measure === 'recursive' && after.c > before.c;
  return isMilder ? 'loosens' : 'tightens';
};

/** With `equal` all values are as far apart as they can be, so what keeps a bound by it keeps it by the others, which have no order. */
export const judgeCloseness: Judge<ClosenessFloor> = (before, after) => {
  if (before === undefined || after === undefined) return higherLoosens(before?.atMost, after?.atMost);
  if (after.atMost > before.atMost) return 'loosens';
  if (after.distance === 'equal') return 'tightens';
  return before.distance === after.distance && hierarchyOf(before) === hierarchyOf(after) ? 'tightens' : 'loosens';
};

function hierarchyOf(floor: ClosenessFloor): string {
  return floor.distance === 'hierarchical' ? JSON.stringify(floor.hierarchy) : '';
}
