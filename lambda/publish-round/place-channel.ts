import { CERTIFICATE } from '../../lib/domain/privacy/hash-files';
import { roundPrefix } from '../../lib/domain/room/release-prefix';
import { findLeg } from '../find-leg';
import type { Objects } from '../objects';
import type { ReleaseChannel } from './publish-round';

/**
 * Every way that reads the lake bucket: the release is copied out of the escrow to its leg's place, where the round is not shown
 * before it is granted.
 */
export function openPlaceChannel(lake: Pick<Objects, 'list' | 'copy'>): ReleaseChannel {
  return {
    prepare: async () => ({ kind: 'prepared' }),
    async finalise(on, release) {
      const leg = findLeg(on, release.leg);
      if (leg === undefined) throw new Error(`The agreement has no leg ${release.leg}.`);
      const place = roundPrefix(release.agreement, leg, release.round);
      for (const key of await lake.list(release.place)) {
        const name = key.slice(release.place.length);
        // Engines that query the round read every file of it.
        if (name !== CERTIFICATE) await lake.copy(key, `${place}${name}`);
      }
      return undefined;
    },
    // Nothing was shown: what is granted says which rounds are.
    revoke: async () => {},
  };
}
