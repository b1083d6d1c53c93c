import { moveAgreement, PAUSE_ACTS, pausePlace, type Transition } from '../../agreement/lifecycle';
import type { CurrentRecord } from '../../registry/agreement-records';
import { listHolders } from '../../registry/list-pauses';
import type { PauseWord } from './pause-word';
import { OPERATOR } from './require-speaker';

export const PAUSE_FAULTS = [
  /** Nothing that is not active stands still, and nothing goes on that is not suspended. */
  'other-state',
  /** Others suspended it, and have it go on. */
  'of-others',
  /** Something was said after that, or in the same moment. */
  'later-word',
  /** It said so too often on that day, UTC. */
  'too-often',
] as const;
export type PauseFault = (typeof PAUSE_FAULTS)[number];

type Pausing =
  | { readonly kind: 'moved'; readonly transition: Transition }
  /** It is so already, by the same. */
  | { readonly kind: 'stands' }
  | { readonly kind: 'refused'; readonly fault: PauseFault; readonly problem: string };

/**
 * What a party may say on one day. Each of them is told to all by letter, and what is granted may be taken back and granted
 * anew. Who runs the room is bound by nothing: it pays for each.
 */
const WORDS_A_DAY = 10;

/**
 * What a person's word does to an agreement. Whoever has it stand still has it go on, and nobody else: where several have
 * suspended it, each for itself, it goes on when all of them have said so.
 */
export function judgePause(
  { state, history, said: times = {} }: Pick<CurrentRecord, 'state' | 'history' | 'said'>,
  { act, at, by, reason, isRemedy }: PauseWord,
): Pausing {
  const said = history.filter((step) => PAUSE_ACTS.some((each) => each === step.act));
  if (said.some((step) => step.act === act && step.at === at && step.by === by)) return { kind: 'stands' };
  const holders = state === 'suspended' ? listHolders(history) : [];
  const others = holders.filter((each) => each !== by);
  const isHolder = others.length < holders.length;
  const own = said.findLast((step) => step.by === by)?.act;
  if (act === 'suspend' ? isHolder : own === 'resume') return { kind: 'stands' };
  // Two at one moment have no order, and the second is to be said again.
  const later = said.find((step) => Date.parse(step.at) >= Date.parse(at));
  if (later !== undefined) {
    const after = `${later.by} said ${later.act} at ${later.at}`;
    return refuse('later-word', `${by} said ${act} at ${at}, and ${after}: it stays ${state}`);
  }
  if (act === 'resume' && holders.length > 0 && !isHolder)
    return refuse('of-others', `it was suspended by ${others.join(' and ')}, and goes on when the same say so`);
  if (by !== OPERATOR && isRemedy === undefined && countWord(times, { at, by }).times > WORDS_A_DAY)
    return refuse(
      'too-often',
      `${by} said so ${WORDS_A_DAY} times on that day: say it on the next, or have the operator say it`,
    );
  const step = { act, at, by, reason, clause: pausePlace(by === OPERATOR ? undefined : by) };
  if (others.length > 0) return { kind: 'moved', transition: { ...step, from: 'suspended', to: 'suspended' } };
  const move = moveAgreement(state, step);
  return move.kind === 'moved' ? move : refuse('other-state', move.problem);
}

/** With one more word: on which day, and how many by then. */
export function countWord(said: CurrentRecord['said'] = {}, { at, by }: Pick<PauseWord, 'at' | 'by'>) {
  const day = at.slice(0, 10);
  const before = said[by];
  return { day, times: before?.day === day ? before.times + 1 : 1 };
}

function refuse(fault: PauseFault, problem: string): Pausing {
  return { kind: 'refused', fault, problem };
}
