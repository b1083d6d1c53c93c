import type { Plan } from '../../agreement/plan/plan';
import { destructionDueOn, listUnattested, planExit, settle } from '../../exchange/entitlements/plan-exit';
import { listReceivedLegs } from '../../exchange/peers/list-received-legs';
import { formatWorth } from '../../format';
import type { Conduct } from '../../registry/conduct';
import { lastDayOf } from '../../registry/registered-agreement';
import { addressTo, type Letter, REMINDER_MS, writeLetter } from './letter';

/** What the parties are told on the way out: the notice, what every receiver has to destroy and by when, and the settlement. */
export function listExitLetters(plan: Plan, conduct: Conduct, now: string): readonly Letter[] {
  const { state, ending } = conduct;
  const steps = planExit(plan, conduct);
  const dayOf = (what: (typeof steps)[number]['do']) => steps.find((step) => step.do === what)?.on ?? '';
  const all = plan.parties.flatMap(({ id }) => addressTo(plan, id, 'exchange', 'privacy'));
  const notice =
    ending === undefined
      ? []
      : [
          writeLetter(plan, `exit:notice:${ending.lastDay}`, all, `ends after ${ending.lastDay}`, [
            `${ending.by} has given notice (${ending.clause}): ${ending.reason}`,
            `Last round: ${dayOf('last-round') || 'none is left'}. Last day: ${ending.lastDay}. Then everything is taken back.`,
            `What was received is destroyed, and that is attested, by ${dayOf('destruction-due')}.`,
          ]),
        ];
  if (state !== 'ended' && state !== 'settled') return notice;
  const due = destructionDueOn(plan, conduct);
  const told = [...notice, ...tellEarlyEnd(plan, conduct, all)];
  const clause = steps.find((step) => step.do === 'ask-destruction')?.clause ?? '';
  const isSoon = Date.parse(now) >= Date.parse(`${due}T00:00:00Z`) - REMINDER_MS;
  const asked = listUnattested(plan, conduct).flatMap(({ leg: { id, from, to }, under }) => {
    const ask = (stage: string, about: string) =>
      writeLetter(plan, `exit:${stage}:${id}`, addressTo(under, to, 'exchange', 'privacy'), about, [
        `The agreement has ended, and nothing may be reached any more. Destroy what you received from ${from} by leg ${id}, wherever you have copied it to, and attest it by ${due} (${clause}).`,
        'Attest with `barter attest`, or by the room’s API: attest-destruction. Later accesses are breaches.',
      ]);
    return [
      ask('destroy', `destroy what you received, by ${due}`),
      ...(isSoon ? [ask('remind', `attest by ${due}`)] : []),
    ];
  });
  if (state === 'ended') return [...told, ...asked];
  const balance = settle(plan, conduct).map(
    ({ party, gave, got, owes }) =>
      `${party} gave ${formatWorth(gave)} and got ${formatWorth(got)} in worth: ${describeOwed(owes)}.`,
  );
  // Of a peer’s room: what others gave is settled in theirs.
  const word =
    listReceivedLegs(plan, conduct).length === 0
      ? 'Nothing was received from here: nothing is to be destroyed.'
      : 'Everybody has attested destruction.';
  return [...told, writeLetter(plan, 'exit:settled', all, 'settled', [word, ...balance])];
}

/** That a remedy has ended it, which the letter of its breach tells only those whom that concerns. */
function tellEarlyEnd(plan: Plan, { ending, ended }: Conduct, to: readonly string[]): readonly Letter[] {
  // By its term and by a notice it ends after the last day, which everybody was told.
  const last = lastDayOf(plan, ending === undefined ? {} : { ending });
  if (ended === undefined || ended.at.slice(0, 10) > last) return [];
  return [
    writeLetter(plan, 'exit:ended', to, `ended on ${ended.at.slice(0, 10)}`, [
      `The agreement was ended at ${ended.at} (${ended.clause}): ${ended.reason}`,
      'Nothing is published, taken in or granted any more. What was received is destroyed, and that is attested.',
    ]),
  ];
}

/** By what is written: less than what is rounded away is nothing. */
function describeOwed(owes: number): string {
  const amount = formatWorth(Math.abs(owes));
  if (amount === formatWorth(0)) return 'nothing is owed';
  return owes > 0 ? `it owes ${amount}` : `it is owed ${amount}`;
}
