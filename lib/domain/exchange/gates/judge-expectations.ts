import type { PlannedLeg } from '../../agreement/plan/plan';
import { formatCount, formatShare } from '../../format';
import type { GateResult } from '../rounds/round';
import type { ReleaseFigures } from './release-figures';

/** Holds a release against what its receiver expects of the leg. Undefined where nothing is expected. */
export function judgeExpectations(
  { to, expects }: Pick<PlannedLeg, 'to' | 'expects'>,
  figures: ReleaseFigures,
): GateResult | undefined {
  if (expects === undefined) return undefined;
  const missed = listMissed(expects, figures);
  if (missed.length === 0)
    return { gate: 'expectation', passed: true, finding: `It holds what ${to} expects: ${sayFigures(figures)}.` };
  return {
    gate: 'expectation',
    passed: false,
    finding: `It falls short of what ${to} expects: ${missed.join('; ')}.`,
    remedy:
      'Deliver more subjects, or more complete rows; or agree on other `expects`, or on a floor that costs less detail, in a new version.',
  };
}

function listMissed(
  { subjects, completeness, lossAtMost }: NonNullable<PlannedLeg['expects']>,
  found: ReleaseFigures,
): readonly string[] {
  return [
    ...(subjects !== undefined && found.subjects < subjects
      ? [`${formatCount(found.subjects)} of at least ${formatCount(subjects)} subjects`]
      : []),
    ...(completeness !== undefined && found.completeness < completeness
      ? [`${formatShare(found.completeness)} of the cells hold a value, of at least ${formatShare(completeness)}`]
      : []),
    ...(lossAtMost !== undefined && found.loss > lossAtMost
      ? [`${formatShare(found.loss)} of the detail is lost, of at most ${formatShare(lossAtMost)}`]
      : []),
  ];
}

function sayFigures({ subjects, completeness, loss }: ReleaseFigures): string {
  return `${formatCount(subjects)} subjects, ${formatShare(completeness)} of the cells with a value, ${formatShare(loss)} of the detail lost`;
}
