import type { SidePlan } from '../../../agreement/plan/plan-for-side';
import { hashPlanParts } from '../../../agreement/plan/plan-parts';
import { entitlementsAt } from '../../../exchange/entitlements/entitlements-at';
import type { ToldBreachRecord } from '../../../registry/conduct-records';
import { readPlan } from '../../../registry/read-plan';
import { lastDayOf } from '../../../registry/registered-agreement';
import { isWordFor } from '../../breaches/is-word-for';
import type { Question } from './question';

interface Asked extends Pick<Question, 'agreement' | 'plan' | 'current' | 'conduct' | 'own' | 'party' | 'now'> {
  readonly parts: Pick<Question['parts'], 'registry' | 'sha256'>;
}

/** Where an agreement stands, what the party that asks may have, and by what its file tells whether the room enforces it. */
export async function showAgreement({ agreement, plan, current, conduct, own, party, parts, now }: Asked) {
  const { proposed, waiting } = current;
  const later = await Promise.all(
    [waiting, proposed].map((version) =>
      version === undefined ? undefined : readPlan(parts.registry, agreement, version),
    ),
  );
  const describePlan = (each: SidePlan) => ({
    version: each.agreement.version,
    content: each.agreement.content,
    side: each.side,
    parts: hashPlanParts(each, parts.sha256),
  });
  const drifts = (await parts.registry.drifts(agreement).list()).filter(({ leg }) => own.has(leg));
  const told = conduct.told?.filter((word) => isWordFor(word, party, [...conduct.earlier, plan]));
  return {
    agreement,
    version: plan.agreement.version,
    content: plan.agreement.content,
    ...(proposed === undefined ? {} : { proposed }),
    ...(waiting === undefined ? {} : { waiting }),
    state: current.state,
    history: current.history,
    signedBy: conduct.signatures
      .filter(({ version }) => version === plan.agreement.version)
      .map((signature) => signature.party),
    lastDay: lastDayOf(plan, conduct),
    ...(conduct.ending === undefined ? {} : { notice: conduct.ending }),
    entitlements: entitlementsAt(plan, conduct, now)
      .filter((entitlement) => entitlement.party === party)
      .map(({ leg, effect, releases, reason, clause }) => ({ leg, effect, releases, reason, clause })),
    drifts: drifts
      .slice(-MOST_DRIFTS)
      .map(({ at, leg, account, did, reason, clause }) => ({ at, leg, account, did, reason, clause })),
    ...(told === undefined ? {} : { told: told.map(showTold) }),
    plans: [plan, ...later].flatMap((each) => (each === undefined ? [] : [describePlan(each)])),
  };
}

function showTold({ from, report, kind, party, leg, round, since, measures, state, at }: ToldBreachRecord) {
  const about = { ...(leg === undefined ? {} : { leg }), ...(round === undefined ? {} : { round }) };
  return { from, report, kind, party, ...about, since, measures, state, at };
}

const MOST_DRIFTS = 50;
