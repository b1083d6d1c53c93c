import { addDuration } from '../../agreement/periods/duration';
import { allLegs } from '../../agreement/plan/all-legs';
import { isAnswered } from '../../registry/breach-name';
import type { AgreementOnRecord } from '../../registry/read-conduct';
import type { CommitmentRecord, RoundRecord, SeenGrantRecord } from '../../registry/round-records';
import { listNotPassedOn } from './find-accepted';
import { holds } from './find-granted';
import { withFormerLegs } from './with-former-legs';

/**
 * The other parties whose word on a round is still missing: that their releases are ready, or have been granted, or that they
 * believe what others have promised to them. Of a leg that was left out, what was promised is asked for still: of its receiver, where
 * its giver is no party any more. None once AWS has told of the grant. Whoever is in breach for not saying so may have
 * said it when nobody heard: it is asked on, once an hour, until the breach is answered.
 * @param now UTC, ISO 8601: of a look, as there is one each quarter of an hour
 */
export function listMissingPeers(
  { plan, conduct }: Pick<AgreementOnRecord, 'plan' | 'conduct'>,
  round: RoundRecord,
  commitments: readonly CommitmentRecord[],
  seen: readonly Pick<SeenGrantRecord, 'round' | 'leg'>[],
  now: string,
): readonly string[] {
  const said = new Set(commitments.filter((each) => each.round === round.day).map(({ leg, says }) => `${says} ${leg}`));
  const isHourly = new Date(now).getUTCMinutes() < LOOK_MINUTES;
  const isAsked = (leg: string) =>
    conduct.breaches.every(
      (breach) =>
        breach.kind !== 'committed-not-granted' ||
        breach.leg !== leg ||
        breach.round !== round.day ||
        (isHourly && !isAnswered(breach)),
    );
  const all = withFormerLegs({ plan, conduct });
  const own = new Set(all.legs.map(({ id }) => id));
  const inForce = new Set(allLegs(plan).map(({ id }) => id));
  const missing = allLegs(all).filter(({ id }) => {
    if (own.has(id) || !round.legs.includes(id)) return false;
    if (!said.has(`committed ${id}`)) return true;
    if (!inForce.has(id)) return false;
    return !said.has(`granted ${id}`) && !holds(seen, { leg: id, round: round.day }) && isAsked(id);
  });
  const unaccepted = listNotPassedOn({ plan, conduct }, commitments, round).filter(({ id }) => round.legs.includes(id));
  const others = new Set(
    plan.parties.map(({ id }) => id).filter((id) => plan.side.kind === 'peer' && id !== plan.side.party),
  );
  const asked = [...missing.map(({ from, to }) => (others.has(from) ? from : to)), ...unaccepted.map(({ to }) => to)];
  return [...new Set(asked)].filter((id) => others.has(id));
}

/** Of each hour: one look falls into them. */
const LOOK_MINUTES = 15;

/**
 * The other parties that give nothing in a round. They have no word there to ask with, so what was said to them is said again for
 * some days, whether or not it came the first time.
 * @param said by this side, of the round
 * @param now UTC, ISO 8601
 */
export function listSilentPeers(
  { plan, conduct }: Pick<AgreementOnRecord, 'plan' | 'conduct'>,
  round: Pick<RoundRecord, 'legs'>,
  said: readonly Pick<CommitmentRecord, 'at'>[],
  now: string,
): readonly string[] {
  if (said.every(({ at }) => Date.parse(addDuration(at, SAID_AGAIN)) <= Date.parse(now))) return [];
  const all = allLegs(withFormerLegs({ plan, conduct }));
  const givers = new Set(all.flatMap(({ id, from }) => (round.legs.includes(id) ? [from] : [])));
  return plan.parties.map(({ id }) => id).filter((id) => !givers.has(id));
}

/** How long after this side's last word. */
const SAID_AGAIN = 'P3D';
