import type { BreachReport } from '../registry/breach-report';
import type { AgreementOnRecord } from '../registry/read-conduct';
import { type GrantsSeen, holds, isSeenByReceiver } from './find-granted';
import { listOwedGrants, type PeerWords } from './list-owed-grants';

/** What has to be written about other peers' rooms: what they did not grant in time, and what they have granted since. */
interface PeerJudgement {
  readonly broken: readonly BreachReport[];
  /** Reports of breaches that ended with the grant, and when that was seen or said. */
  readonly mended: readonly { readonly report: string; readonly at: string }[];
}

/**
 * Whoever owes a grant and has not granted in time is in breach, until it does. That a data grant was made AWS tells, and
 * nobody's word counts; of the other ways of delivery there is the giver's word alone. Nobody stays accused of a round in which
 * somebody has said two things.
 * @param now UTC, ISO 8601
 */
export function judgePeerRounds(
  { plan, conduct }: Pick<AgreementOnRecord, 'plan' | 'conduct'>,
  words: PeerWords,
  grants: GrantsSeen,
  now: string,
): PeerJudgement {
  const seen = new Map(grants.seen.map(({ leg, round, at }) => [nameReport(leg, round), at]));
  const said = new Map(
    words.commitments.flatMap(({ says, leg, round, at, heardAt = at }) =>
      says === 'granted' ? [[nameReport(leg, round), heardAt] as const] : [],
    ),
  );
  const isSeen = new Set(plan.incoming.filter(isSeenByReceiver).map(({ id }) => id));
  const findGrant = (leg: string, round: string) => {
    const report = nameReport(leg, round);
    if (!isSeen.has(leg)) return said.get(report);
    return seen.get(report) ?? (holds(grants.waiting, { leg, round }) ? now : undefined);
  };
  const twice = new Map(words.equivocations.map(({ round, at }) => [round, at]));
  const mended = conduct.breaches.flatMap(({ kind, report, leg = '', round = '', resolvedAt }) => {
    if (kind !== 'committed-not-granted' || resolvedAt !== undefined) return [];
    const at = findGrant(leg, round) ?? twice.get(round);
    return at === undefined ? [] : [{ report, at }];
  });
  const known = new Set(conduct.breaches.map(({ report }) => report));
  const broken = listOwedGrants({ plan, conduct }, words, now).flatMap(
    ({ leg: { id: leg, from: party }, round, since }): readonly BreachReport[] => {
      const report = nameReport(leg, round);
      if (Date.parse(now) < Date.parse(since) || known.has(report)) return [];
      if (findGrant(leg, round) !== undefined || (isSeen.has(leg) && grants.unasked !== undefined)) return [];
      const breach = 'committed-not-granted';
      return [{ report, agreement: plan.agreement.id, breach, party, leg, round, since, reportedAt: now }];
    },
  );
  return { broken, mended };
}

function nameReport(leg: string, round: string): string {
  return `not-granted:${leg}:${round}`;
}
