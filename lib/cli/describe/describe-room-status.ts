import type { z } from 'zod';
import { sha256 } from '../../audit/node-crypto';
import type { Plan } from '../../domain/agreement/plan/plan';
import { planForSide } from '../../domain/agreement/plan/plan-for-side';
import { hashPlanParts, listDifferingParts } from '../../domain/agreement/plan/plan-parts';
import type { statusSchema } from '../../domain/enforcement/api/api-schemas';
import { InvalidInput } from './exit-code';
import type { Terminal } from './terminal';

type RoomStatus = z.output<typeof statusSchema>;

/** Where the plan that a room enforces does not follow from the agreement's file: names of its parts; empty where all of it does. */
interface RoomComparison {
  readonly version: number;
  /** Whether it is what is enforced, or waits for signatures or for its day. */
  readonly isInForce: boolean;
  readonly differing: readonly string[];
}

/**
 * Parties sign the agreement and not the plan: whoever deploys a room could have it enforce another.
 * @throws InvalidInput where the room has no such version
 */
export function compareWithRoom(file: Plan, { version: inForce, plans }: RoomStatus): RoomComparison {
  const { id, version } = file.agreement;
  const plan = plans.find((each) => each.version === version);
  if (plan === undefined)
    throw new InvalidInput(
      `The room has version ${plans.map((each) => each.version).join(' and ')} of ${id}, and the file is version ${version}. Ask with the file of that version.`,
    );
  const { side } = plan;
  const isParty = side.kind === 'hosted' || file.parties.some(({ id: party }) => party === side.party);
  const follows = hashPlanParts(isParty ? planForSide(file, side) : file, sha256);
  return { version, isInForce: version === inForce, differing: listDifferingParts(plan.parts, follows) };
}

/** The same for people, with what the party may have. */
export function describeRoomStatus(
  { agreement, version, state, signedBy, lastDay, entitlements, drifts = [], told = [] }: RoomStatus,
  { version: compared, isInForce, differing }: RoomComparison,
  colour: Terminal['colour'],
): string {
  const of = `version ${compared}${isInForce ? ', which it enforces' : ', which waits'}`;
  return [
    `${agreement}, version ${version}: ${state}, signed by ${signedBy.join(', ') || 'nobody'}, until ${lastDay}`,
    ...entitlements.map(
      ({ leg, effect, releases, reason, clause }) =>
        `  ${leg}: ${effect === 'grant' ? `you have ${releases.join(', ')}` : `you have nothing, ${reason}`} (${clause})`,
    ),
    ...drifts.map(({ at, leg, account, did, reason, clause }) =>
      colour.yellow(
        `  ${leg}: what ${account} has was ${did} by hand, found ${at.slice(0, 16)}Z, and put back: ${reason} (${clause})`,
      ),
    ),
    ...told.map(({ from, kind, party, leg, since, measures, state }) =>
      colour.yellow(
        `  ${from} says: ${kind} by ${party}${leg === undefined ? '' : ` (${leg})`} since ${since.slice(0, 16)}Z, in its room ${state}${measures.length === 0 ? '' : `: ${measures.join(', ')}`}`,
      ),
    ),
    differing.length === 0
      ? colour.green(`What the room has of ${of}, follows from this file.`)
      : colour.red(
          `What the room has of ${of}, does not follow from this file (${differing.join(', ')}). Ask with the version of barter that the room was deployed with; if it differs then too, it is not what you have signed: sign nothing, deliver nothing, and ask whoever runs the room.`,
        ),
  ].join('\n');
}
