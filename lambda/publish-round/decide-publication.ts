import { decide, NOTHING_USED } from '../../lib/domain/enforcement/policies/decide';
import { readConduct } from '../../lib/domain/registry/read-conduct';
import type { Publisher } from './publish-round';

/**
 * Asks for every leg that is given from here whether its release may leave the escrow, by what is on record in this moment.
 * Why one may not is kept with its round: a round that waits for the same reason as before is no new decision.
 * @returns why the round stays where it is; undefined where it may be published
 */
export async function decidePublication(
  { registry, policiesOf, now }: Publisher,
  agreement: string,
  day: string,
): Promise<string | undefined> {
  const on = await readConduct(registry, agreement);
  const round = on?.conduct.rounds.find((each) => each.day === day);
  if (on === undefined || round === undefined) return 'what is on record does not hang together';
  const { plan, conduct } = on;
  const { policies, engine } = policiesOf(plan);
  const context = { plan, conduct, policies, used: NOTHING_USED, now: now() };
  const decisions = plan.legs
    .filter(({ id }) => round.legs.includes(id))
    .map(({ id, from }) => {
      const request = { operation: 'publish-release', party: from, about: id, operands: { round: day } };
      return decide({ id: `publish:${day}:${id}`, ...request }, context, engine);
    });
  const refused = decisions.find(({ effect }) => effect === 'forbid');
  const reason = refused && `forbidden: ${refused.reason} (${refused.clause})`;
  if (reason !== undefined && reason === round.reason) return reason;
  for (const decision of decisions) await registry.decisions(agreement).create(decision);
  if (reason !== undefined)
    await registry.rounds(agreement).change([day], (each) => (each.state === 'open' ? { ...each, reason } : undefined));
  return reason;
}
