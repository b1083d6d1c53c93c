import type { CurrentRecord } from '../../registry/agreement-records';
import { listPast } from '../../registry/list-steps';
import type { Registry } from '../../registry/registry';
import { countWord, judgePause, type PauseFault } from './judge-pause';
import type { PauseWord } from './pause-word';
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
  const current = registry.current(agreement);
  const steps = registry.steps(agreement);
  // What is over lies apart before it is left out: broken off here, it lies in both.
  const past = listPast((await current.read())?.history ?? []);
  for (const step of past) await steps.create({ agreement, ...step });
  const told = await steps.read(word.at, word.by);
  return current.change([], (before) => {
    if (told?.act === word.act) return undefined;
    const pausing = judgePause(before, word);
    if (pausing.kind === 'refused') throw new PauseRefused(pausing.fault, `${agreement}: ${pausing.problem}.`);
    if (pausing.kind === 'stands') return undefined;
    const { transition } = pausing;
    const kept = before.history.filter(({ at, by }) => !past.some((step) => step.at === at && step.by === by));
    const said = { ...before.said, [word.by]: countWord(before.said, word) };
    return { ...before, state: transition.to, history: [...kept, transition], said };
  });
}
