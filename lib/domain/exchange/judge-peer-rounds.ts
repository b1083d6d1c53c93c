import { addDuration } from '../agreement/duration';
import type { BreachReport } from '../registry/breach-report';
import type { AgreementOnRecord } from '../registry/read-conduct';
import type { CommitmentRecord, Equivocation } from '../registry/round-records';
import { entitlementsAt } from './entitlements-at';

/** What has to be written about other peers' rooms: what they did not grant in time, and what they have granted since. */
interface PeerJudgement {
  readonly broken: readonly BreachReport[];
  /** Reports of breaches that ended with the grant, and when that was said. */
  readonly mended: readonly { readonly report: string; readonly at: string }[];
}

/** What peers' rooms have said. */
interface PeerWords {
  readonly commitments: readonly CommitmentRecord[];
  readonly equivocations: readonly Pick<Equivocation, 'round' | 'at'>[];
}

/**
 * Whoever has committed, and does not grant within a day of the last commitment of its round, is in breach. Not so while the
 * agreement itself withholds from this side what comes to it. What others said counts from when it was heard here: when they
 * said it is their own word. Of a round in which somebody has said two things nobody is accused of not granting: to another room
 * the round may rightly look otherwise.
 * @param now UTC, ISO 8601
 */
export function judgePeerRounds(
  { plan, conduct }: Pick<AgreementOnRecord, 'plan' | 'conduct'>,
  { commitments, equivocations }: PeerWords,
  now: string,
): PeerJudgement {
  const granted = new Map(
    commitments.flatMap(({ says, leg, round, at, heardAt = at }) =>
      says === 'granted' ? [[nameReport(leg, round), heardAt] as const] : [],
    ),
  );
  const open = conduct.breaches.filter(({ kind, resolvedAt }) => kind === 'committed-not-granted' && !resolvedAt);
  const twice = new Map(equivocations.map(({ round, at }) => [round, at]));
  const mended = open.flatMap(({ report, round = '' }) => {
    const at = granted.get(report) ?? twice.get(round);
    return at === undefined ? [] : [{ report, at }];
  });
  const withheld = new Set(
    entitlementsAt({ ...plan, legs: plan.incoming }, conduct, now)
      .filter(({ reason }) => reason !== 'agreed' && reason !== 'no-complete-round' && reason !== 'withdrawn')
      .map(({ leg }) => leg),
  );
  const known = new Set(conduct.breaches.map(({ report }) => report));
  const broken = conduct.rounds.flatMap(({ day, legs }) => {
    const made = commitments.filter(({ round, says }) => round === day && says === 'committed');
    if (twice.has(day)) return [];
    if (legs.some((leg) => !made.some((commitment) => commitment.leg === leg))) return [];
    const last = made.map(({ at, heardAt = at }) => heardAt).reduce((a, b) => (Date.parse(a) > Date.parse(b) ? a : b));
    const since = new Date(addDuration(last, PEER_PATIENCE)).toISOString();
    if (Date.parse(now) < Date.parse(since)) return [];
    return plan.incoming.flatMap(({ id: leg, from: party }): readonly BreachReport[] => {
      const report = nameReport(leg, day);
      if (!legs.includes(leg) || granted.has(report) || known.has(report) || withheld.has(leg)) return [];
      const breach = 'committed-not-granted';
      return [{ report, agreement: plan.agreement.id, breach, party, leg, round: day, since, reportedAt: now }];
    });
  });
  return { broken, mended };
}

/** How long another room may take from the last commitment of a round to its grants. */
const PEER_PATIENCE = 'P1D';

function nameReport(leg: string, round: string): string {
  return `not-granted:${leg}:${round}`;
}
