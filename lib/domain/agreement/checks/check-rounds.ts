import { isDuration } from '../periods/duration';
import { isEndless } from '../periods/is-endless';
import { listRoundDays } from '../periods/list-round-days';
import { type Remark, warningAt } from '../yaml/remark';
import type { AgreementDraft, LegDraft } from './draft-agreement';

/**
 * The escrow holds legs that are due on one day for one another. On a day on which a party gives and gets nothing back, or the
 * other way round, there is nothing to hold.
 */
export function checkRounds({ legs = [], term }: AgreementDraft): Remark[] {
  const sound = legs.filter(isSound);
  if (sound.length < legs.length || term?.starts === undefined || term.ends === undefined) return [];
  if (isEndless(term.starts, term.ends)) return [];
  const rounds = listDue(sound, term.starts, term.ends);
  const both = [...new Set(sound.map(({ from }) => from))].filter((id) => sound.some(({ to }) => to === id));
  const apart = rounds.filter((due) =>
    both.some((id) => due.some(({ from }) => from === id) !== due.some(({ to }) => to === id)),
  );
  if (apart.length === 0) return [];
  const periods = [...new Set(sound.map(({ every }) => every))];
  return [
    warningAt(
      ['legs'],
      `in ${apart.length} of ${rounds.length} rounds a party gives and gets nothing back, or gets and gives nothing (${periods.join(', ')})`,
      'Give the legs that are to wait for one another the same `every`: the escrow and fairness look at what is due on one day.',
    ),
  ];
}

interface SoundLeg {
  readonly from: string;
  readonly to: string;
  readonly every: string;
}

function isSound(leg: LegDraft | undefined): leg is LegDraft & SoundLeg {
  return leg?.from !== undefined && leg.to !== undefined && leg.every !== undefined && isDuration(leg.every);
}

/** Of each round the legs that are due in it. */
function listDue(legs: readonly SoundLeg[], starts: string, ends: string): readonly (readonly SoundLeg[])[] {
  const due = new Map<string, SoundLeg[]>();
  for (const every of new Set(legs.map((leg) => leg.every))) {
    const own = legs.filter((leg) => leg.every === every);
    for (const day of listRoundDays(starts, every, ends)) due.set(day, [...(due.get(day) ?? []), ...own]);
  }
  return [...due.values()];
}
