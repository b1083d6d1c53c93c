import type { Plan } from '../agreement/plan';
import type { BreachRecord, MeasureRecord } from './registry/registry-records';
import { remediesAt } from './remedies-at';

/** A letter that has to go out. It names terms, ids and dates; never a value of the data. */
export interface Notice {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

/** What is due by remedies and not yet on the record of its breach. */
export function listUntaken(plan: Plan, breach: BreachRecord, now: string): readonly MeasureRecord[] {
  return remediesAt(plan, [breach], now)
    .filter((due) => !breach.taken.some((each) => each.do === due.do && each.party === due.party))
    .map(({ do: measure, party, leg, clause }) => ({
      do: measure,
      party,
      ...(leg === undefined ? {} : { leg }),
      clause,
      at: now,
    }));
}

/** What both sides are told of a breach: whoever is said to be in breach, and every party that its leg concerns. */
export function writeBreachNotice(plan: Plan, breach: BreachRecord, taken: readonly MeasureRecord[]): Notice {
  const leg = plan.legs.find(({ id }) => id === breach.leg);
  const concerned = plan.parties.filter(
    ({ id }) => leg === undefined || id === leg.from || id === leg.to || id === breach.party,
  );
  const to = [
    ...new Set(concerned.flatMap(({ contacts }) => [contacts.exchange, contacts.security ?? contacts.privacy])),
  ];
  const what = breach.kind.replaceAll('-', ' ');
  const follows = taken.map(({ do: measure, clause }) => `${measure} (${clause})`).join(', ');
  const lines = [
    `Agreement ${plan.agreement.id}, version ${plan.agreement.version}: ${what}, since ${breach.since}.`,
    breach.party === undefined ? 'By whom is not known.' : `Party: ${breach.party}.`,
    ...(breach.leg === undefined
      ? []
      : [`Leg: ${breach.leg}${breach.round === undefined ? '' : `, round ${breach.round}`}.`]),
    `By the agreement: ${breach.clause}.`,
    follows === '' ? 'Nothing follows yet.' : `What follows: ${follows}.`,
    ...(breach.evidence.length === 0 ? [] : [`On the access ledger: ${breach.evidence.slice(0, 5).join(', ')}.`]),
    `Record: ${breach.report}. Whoever finds it wrong can have it overruled, with a reason, which is recorded.`,
  ];
  return { to, subject: `${plan.agreement.id}: ${what}`, text: `${lines.join('\n')}\n` };
}
