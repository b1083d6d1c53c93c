import { judgePause, type PauseFault } from './judge-pause';
import type { PauseWord } from './pause-word';
import type { CurrentRecord } from './registry/agreement-records';
import type { Registry } from './registry/registry';
import { requireSpeaker, WordRefused } from './require-speaker';

/** The agreement cannot be suspended, or resumed, by that word. */
export class PauseRefused extends WordRefused {
  constructor(
    readonly fault: PauseFault,
    message: string,
  ) {
    super(message);
  }
}

/**
 * A party, or who runs the room, has an agreement stand still or go on. The record keeps who, when and why; what is granted
 * follows from its state. The same word told again changes nothing, and one that comes late undoes none that was said after it.
 * @param account that says so, as for `requireSpeaker`
 * @returns what stands on record then
 * @throws WordRefused, PauseRefused
 */
export async function pauseAgreement(
  registry: Registry,
  agreement: string,
  word: PauseWord,
  account?: string,
): Promise<CurrentRecord | undefined> {
  await requireSpeaker(registry, agreement, word.by, account);
  return registry.current(agreement).change([], (current) => {
    const pausing = judgePause(current, word);
    if (pausing.kind === 'refused') throw new PauseRefused(pausing.fault, `${agreement}: ${pausing.problem}.`);
    if (pausing.kind === 'stands') return undefined;
    const { transition } = pausing;
    return { ...current, state: transition.to, history: [...current.history, transition] };
  });
}
