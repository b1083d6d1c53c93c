import { roundPrefix } from '../../lib/domain/room/release-prefix';
import { findLeg } from '../shared/find-leg';
import type { Objects } from '../shared/objects';
import type { ReleaseChannel } from './publish-round';

/**
 * Every way that reads the lake bucket: the release is copied out of the escrow to its leg's place, where the round is not shown
 * before it is granted. What is copied is what was verified, and nothing that somebody put beside it or in its place since.
 */
export function openPlaceChannel(lake: Pick<Objects, 'copy'>): ReleaseChannel {
  return {
    prepare: async () => ({ kind: 'prepared' }),
    // What is copied is told apart by its tag when it is copied.
    compare: async () => [],
    async finalise(on, release, files) {
      const leg = findLeg(on, release.leg);
      if (leg === undefined) throw new Error(`The agreement has no leg ${release.leg}.`);
      const place = roundPrefix(release.agreement, leg, release.round);
      for (const { key, file, tag } of files) await lake.copy(key, `${place}${file}`, tag);
      return undefined;
    },
    // Nothing was shown: what is granted says which rounds are.
    revoke: async () => true,
  };
}
