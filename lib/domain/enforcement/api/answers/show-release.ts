import type { Plan } from '../../../agreement/plan/plan';
import { listRetained } from '../../../exchange/entitlements/plan-retention';
import { countErased, countLeftOut } from '../../../exchange/erasure/count-erased';
import type { Conduct } from '../../../registry/conduct';
import type { ErasureRecord } from '../../../registry/conduct-records';
import type { ReleaseRecord } from '../../../registry/round-records';

/** What parties are told of a release on record: not where it lies, nor what resumes its workflow. */
export function showRelease({ round, leg, version, state, sha256, certificate, at }: ReleaseRecord) {
  return { round, leg, version, state, sha256, certificate, at };
}

/** Releases by these legs, and how each that is out stands with the time for which its receiver may keep it. */
export function showReleases(
  plan: Plan,
  conduct: Conduct,
  erasures: readonly ErasureRecord[],
  legs: ReadonlySet<string>,
  now: string,
) {
  const retained = listRetained(plan, conduct, now);
  const releases = conduct.releases
    .filter(({ leg }) => legs.has(leg))
    .map((release) => {
      const held = retained.find(({ leg, round }) => leg.id === release.leg && round === release.round);
      const count = countErased(erasures, release.leg, release.round);
      const before = countLeftOut(erasures, release);
      const erased = {
        ...(count === 0 ? {} : { erasedSince: count }),
        ...(before === undefined ? {} : { erasedBefore: before }),
      };
      if (held === undefined) return { ...showRelease(release), ...erased };
      const { over, due, state, attestedAt } = held;
      const retention = { over, due, state, ...(attestedAt === undefined ? {} : { attestedAt }) };
      return { ...showRelease(release), ...erased, retention };
    });
  return { releases };
}
