import { formatCount } from '../../format';
import { listClassSets } from '../histogram/class-sets';
import type { ClassTable } from '../histogram/class-table';
import { describeAverageRisk } from './average-risk';
import type { FloorNumber } from './floor-number';
import { enforceLinkedRisk, type LinkedRisk, leastOfEach } from './linked-risk';
import { roundUpShare } from './round-up-share';
import { USUAL_K } from './usual-k';

/** The limits of risk, as groups with the same set of classes keep them. */
export function explainLinkedRisk(table: ClassTable, agreed: LinkedRisk): FloorNumber {
  const { classes, rows, spanning } = table;
  const isFollowed = spanning.classes.length > 0;
  // Where nobody has several classes left, groups are classes: that these are too small is told of them already.
  const asked = isFollowed ? agreed : { ...agreed, least: 1 };
  const fails = new Uint8Array(classes);
  enforceLinkedRisk(table, asked, { fails, losses: new Float64Array(classes), lostRows: 0 });
  const { least, average = 1, isOfEach = false } = asked;
  const { subjects: sizes } = listClassSets(table);
  const smallest = sizes.reduce((fewest, size) => Math.min(fewest, size), Number.POSITIVE_INFINITY);
  const risk = isOfEach ? 1 / smallest : sizes.length / sizes.reduce((sum, size) => sum + size, 0);
  const changes = [
    ...(smallest < least ? [`raise risk.maximum to ${roundUpShare(1 / smallest)}`] : []),
    ...(risk > average ? [`raise risk.average to ${roundUpShare(risk)}`] : []),
  ];
  return {
    failing: rows.reduce((sum, count, index) => sum + fails[index]! * count, 0),
    failure:
      smallest < least
        ? `hold somebody who can be followed over a set of classes that fewer than ${formatCount(least)} subjects share`
        : isFollowed
          ? `make up so many sets, over which somebody can be followed, that the average risk would be above ${average}`
          : describeAverageRisk(average),
    relax: () => (smallest < least && smallest < USUAL_K ? undefined : changes.join(' and ')),
    ...(keepsByClasses(table, asked) && { avoid: 'drop the column by which a subject can be followed over its rows' }),
  };
}

/** By classes alone the average can be too great as well. */
function keepsByClasses({ rows, subjects }: ClassTable, asked: LinkedRisk): boolean {
  const filled = subjects.filter((_, index) => rows[index]! > 0);
  const held = filled.reduce((sum, count) => sum + count, 0);
  if (asked.isOfEach) return filled.every((count) => count >= leastOfEach(asked));
  return filled.length <= (asked.average ?? 1) * held;
}
