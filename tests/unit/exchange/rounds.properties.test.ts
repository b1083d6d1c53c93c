import * as fc from 'fast-check';
import { listRounds } from '../../../lib/domain/exchange/rounds/list-rounds';
import { opensAt } from '../../../lib/domain/exchange/rounds/opens-at';
import { roundsOfDelivery } from '../../../lib/domain/exchange/rounds/rounds-of-delivery';
import { standReleases } from '../../../lib/domain/exchange/rounds/stand-releases';
import type { ReleaseRecord } from '../../../lib/domain/registry/round-records';
import { releaseOf } from '../../fixtures/conduct';
import { every, held, USAGE } from '../../fixtures/round-plans';

const monthly = every('P1M', 'P1M');
const on = (now: string, releases: readonly ReleaseRecord[], plan = monthly) =>
  roundsOfDelivery(held(plan), plan.legs.slice(0, 1), standReleases(releases), now);

test('however a giver delivers, no round is given by a file of an earlier period, and no file is for two rounds', () => {
  const moments = fc.array(fc.integer({ min: 0, max: 400 * 6 }), { maxLength: 60 });
  const periods = fc.constantFrom('P1D', 'P7D', 'P1M', 'P3M');
  fc.assert(
    fc.property(moments, periods, fc.boolean(), (hours, period, published) => {
      const plan = every(period, period);
      let releases: readonly ReleaseRecord[] = [];
      for (const hour of hours.toSorted((a, b) => a - b)) {
        const now = new Date(Date.UTC(2026, 0, 1) + hour * 4 * 3_600_000).toISOString();
        const found = on(now, releases, plan);
        if (found.kind === 'too-early') expect(Date.parse(found.from)).toBeGreaterThan(Date.parse(now));
        const round = found.kind === 'counts' ? found.days.get(USAGE)! : undefined;
        if (round === undefined) continue;
        const before = listRounds(held(plan), round).at(-2)?.day;
        if (before !== undefined) expect(Date.parse(now)).toBeGreaterThanOrEqual(Date.parse(opensAt(round, before)));
        const isOut = releases.some((each) => each.round === round && each.state === 'final');
        expect(isOut).toBe(false);
        const made = releaseOf(plan, USAGE, round, {
          state: published && round <= now.slice(0, 10) ? 'final' : 'prepared',
        });
        releases = [...releases.filter((each) => each.round !== round), made];
      }
    }),
    { seed: 20, numRuns: 200 },
  );
});
