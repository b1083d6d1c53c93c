import { goesByDataSet } from '../../agreement/plan/goes-by-data-set';
import type { Plan } from '../../agreement/plan/plan';
import type { AgreementOnRecord } from '../../registry/read-conduct';
import type { ReleaseRecord } from '../../registry/round-records';

export type OnRecord = Pick<AgreementOnRecord, 'plan' | 'conduct'>;

/** Releases that their receivers see as soon as they are final; of all others they see what is granted. */
export function listShownWhenFinal(on: OnRecord, releases: readonly ReleaseRecord[]): readonly ReleaseRecord[] {
  return releases.filter((release) => isShownWhenFinal(on, release));
}

/** As the version said it that the release was made by: what is left out since is taken back the way it went. */
export function isShownWhenFinal(on: OnRecord, { leg, version }: Pick<ReleaseRecord, 'leg' | 'version'>): boolean {
  return versionOf(on, version).legs.some((each) => each.id === leg && goesByDataSet(each));
}

function versionOf({ plan, conduct }: OnRecord, version: number): Pick<Plan, 'legs'> {
  return conduct.versions.find((each) => each.plan.agreement.version === version)?.plan ?? plan;
}
