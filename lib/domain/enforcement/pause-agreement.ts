import { moveAgreement, PAUSE_ACTS, PAUSE_PLACE } from '../agreement/lifecycle';
import type { PauseWord } from './pause-word';
import type { Registry } from './registry/registry';
import type { CurrentRecord } from './registry/registry-records';
import { requireSpeaker, WordRefused } from './require-speaker';

/**
 * A party, or who runs the room, has an agreement stand still or go on. The record keeps who, when and why; what is granted
 * follows from its state. The same word told again changes nothing, and one that comes late undoes none that was said after it.
 * @param account that says so, as for `requireSpeaker`
 * @returns what stands on record then
 * @throws WordRefused
 */
export async function pauseAgreement(
  registry: Registry,
  agreement: string,
  { act, at, by, reason }: PauseWord,
  account?: string,
): Promise<CurrentRecord | undefined> {
  await requireSpeaker(registry, agreement, by, account);
  return registry.current(agreement).change([], (current) => {
    const said = current.history.filter((step) => PAUSE_ACTS.some((each) => each === step.act));
    if (said.some((step) => step.act === act && step.at === at && step.by === by)) return undefined;
    const later = said.find((step) => Date.parse(step.at) > Date.parse(at));
    if (later !== undefined)
      throw new WordRefused(
        `${agreement}: ${by} said ${act} at ${at}, and ${later.by} ${later.act} after that, at ${later.at}: it stays ${current.state}.`,
      );
    const move = moveAgreement(current.state, { act, at, by, reason, clause: PAUSE_PLACE });
    if (move.kind === 'refused') throw new WordRefused(`${agreement}: ${move.problem}.`);
    const { transition } = move;
    return { ...current, state: transition.to, history: [...current.history, transition] };
  });
}
