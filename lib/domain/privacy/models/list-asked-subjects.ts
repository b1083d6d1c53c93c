import { formatCount } from '../../format';
import { leastOfRisk } from './least-of-risk';
import type { PrivacyFloor } from './privacy-floor';
import { roundUpShare } from './round-up-share';
import { thresholdOf } from './sample-threshold';
import { USUAL_K } from './usual-k';

/** A number of the floor that asks for subjects in every class of the delivery. */
interface AskedSubjects {
  readonly least: number;
  /** The change that lets a class of this many subjects pass; none that nobody should be advised to make. */
  readonly relax: (score: number) => string | undefined;
}

/** A class that holds as many as the greatest of these keeps all of them. `subjects`: of the whole delivery. */
export function listAskedSubjects(
  { k, risk, kMap, population }: PrivacyFloor,
  subjects: number,
): readonly AskedSubjects[] {
  const ifUsual = (score: number, change: string) => (score >= USUAL_K ? change : undefined);
  const asked: AskedSubjects[] = [{ least: k, relax: (score) => ifUsual(score, `lower k to ${formatCount(score)}`) }];
  if (risk?.maximum !== undefined)
    asked.push({
      least: leastOfRisk(risk.maximum),
      relax: (score) => ifUsual(score, `raise risk.maximum to ${roundUpShare(1 / score)}`),
    });
  if (kMap !== undefined && population?.kind === 'size')
    asked.push({ least: thresholdOf(kMap, subjects / population.subjects), relax: () => 'lower kMap' });
  return asked;
}
