import type { ClassSizeCount } from '../histogram/class-size-count';
import type { RiskMeasures } from './certificate';

type Sizes = readonly Pick<ClassSizeCount, 'subjects' | 'classes'>[];

/**
 * The risk that classes of these sizes leave; none without classes. Where subjects can be followed over several classes,
 * what counts are the groups with the same set of them. `population`: the sizes of the same classes in the population;
 * without it the classes stand in for their own.
 */
export function measureRisk(sizes: Sizes, population: Sizes = sizes): RiskMeasures {
  const classes = sizes.reduce((sum, size) => sum + size.classes, 0);
  const subjects = sizes.reduce((sum, size) => sum + size.classes * size.subjects, 0);
  if (subjects === 0) return { prosecutor: 0, journalist: 0, marketer: 0, unique: 0 };
  const unique = sizes.reduce((sum, size) => sum + (size.subjects === 1 ? size.classes : 0), 0);
  return {
    prosecutor: 1 / findSmallest(sizes),
    journalist: 1 / findSmallest(population),
    marketer: classes / subjects,
    unique: unique / subjects,
  };
}

function findSmallest(sizes: Sizes): number {
  return sizes.reduce((least, { classes, subjects }) => (classes > 0 ? Math.min(least, subjects) : least), Infinity);
}
