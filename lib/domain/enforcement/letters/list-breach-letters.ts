import type { Plan } from '../../agreement/plan/plan';
import { findVersionOf } from '../../exchange/entitlements/list-former-legs';
import type { BreachRecord } from '../../registry/conduct-records';
import { legsTouchedBy } from '../breaches/legs-touched-by';
import { listConcerned } from '../breaches/list-concerned';
import { addressTo, type Letter, writeLetter } from './letter';

/**
 * What both sides are told of a breach: when it is on record, each time that something was done about it, and when it is
 * over. Whoever is said to be in breach is told, and every party that its leg concerns.
 */
export function listBreachLetters(plan: Plan, breach: BreachRecord, earlier: readonly Plan[] = []): readonly Letter[] {
  const { report, kind, taken, overruled, resolvedAt } = breach;
  const what = kind.replaceAll('-', ' ');
  const to = listConcerned(plan, breach, earlier).flatMap((party) =>
    addressTo(findVersionOf(party, plan, earlier), party, 'exchange', 'security'),
  );
  const write = (stage: string, about: string, lines: readonly string[]) =>
    writeLetter(plan, `breach:${report}:${stage}`, to, about, [...lines, ...describe(breach)]);
  if (overruled !== undefined)
    return [
      write('overruled', `overruled: ${what}`, [
        `A breach was overruled by ${overruled.by}: ${overruled.reason}`,
        'Nothing more follows from it.',
        ...describeLasting(plan, breach, earlier),
      ]),
    ];
  if (resolvedAt !== undefined)
    return [
      write('over', `over: ${what}`, [
        `What was said to be in breach is over since ${resolvedAt}.`,
        ...describeLasting(plan, breach, earlier),
      ]),
    ];
  const follows = taken.map(({ do: measure, party, clause }) => `${measure} of ${party} (${clause})`).join(', ');
  return [write(String(taken.length), what, [follows === '' ? 'Nothing follows yet.' : `What follows: ${follows}.`])];
}

/** What was done about it that nobody can undo. */
function describeLasting(plan: Plan, { taken }: BreachRecord, earlier: readonly Plan[]): readonly string[] {
  const end = taken.find(({ do: measure }) => measure === 'terminate');
  const touched = new Set(taken.flatMap((measure) => legsTouchedBy(plan, measure, earlier)));
  const shown = plan.legs.filter(({ id, via }) => via.kind === 'product' && touched.has(id)).map(({ id }) => id);
  return [
    ...(end === undefined
      ? []
      : [`It has ended the agreement (${end.clause}), which stays ended: destroy what you received all the same.`]),
    ...(shown.length === 0 ? [] : [`What a product showed of ${shown.join(', ')} stays revoked.`]),
  ];
}

function describe({ report, kind, party, leg, round, clause, since, evidence }: BreachRecord): readonly string[] {
  return [
    `Breach: ${kind.replaceAll('-', ' ')}, since ${since}.`,
    party === undefined ? 'By whom is not known.' : `Party: ${party}.`,
    ...(leg === undefined ? [] : [`Leg: ${leg}${round === undefined ? '' : `, round ${round}`}.`]),
    `By the agreement: ${clause}.`,
    ...(evidence.length === 0 ? [] : [`On the access ledger: ${evidence.slice(0, 5).join(', ')}.`]),
    `Record: ${report}. Whoever finds it wrong can have it overruled, with a reason, which is recorded.`,
  ];
}
