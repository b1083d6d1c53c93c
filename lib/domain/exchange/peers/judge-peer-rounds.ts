import { compareTexts } from '../../compare-texts';
import type { BreachReport } from '../../registry/breach-report';
import type { AgreementOnRecord } from '../../registry/read-conduct';
import { whenLeftOut } from '../entitlements/when-left-out';
import { type GrantsSeen, isSeenByReceiver } from './find-granted';
import { listOwedGrants, type PeerWords } from './list-owed-grants';

/** What has to be written about other peers' rooms: what they did not grant in time, and what they have granted since. */
interface PeerJudgement {
  readonly broken: readonly BreachReport[];
  /** Reports of breaches that ended with the grant, and when that was seen or said. */
  readonly mended: readonly { readonly report: string; readonly at: string }[];
}

/**
 * Whoever owes a grant and has not granted in time is in breach, until it does, or grants a later round of the leg: what was taken
 * back is granted by nobody any more, and what a giver owed is settled by what it gives next. That a data grant was made AWS tells,
 * and nobody's word counts; of the other ways of delivery there is the giver's word alone. Nobody stays accused of a round in which
 * somebody has said two things, nor of a leg that an amendment leaves out.
 * @param now UTC, ISO 8601
 */
export function judgePeerRounds(
  { plan, conduct }: Pick<AgreementOnRecord, 'plan' | 'conduct'>,
  words: PeerWords,
  grants: GrantsSeen,
  now: string,
): PeerJudgement {
  const isSeen = new Set(plan.incoming.filter(isSeenByReceiver).map(({ id }) => id));
  const granted = listGranted(words, grants, now).filter((each) => each.isSeen === isSeen.has(each.leg));
  const isGranted = (leg: string, day: string) => granted.some((each) => each.leg === leg && each.round === day);
  const twice = new Map(words.equivocations.map(({ round, at }) => [round, at]));
  const mended = conduct.breaches.flatMap(({ kind, report, leg = '', round = '', since, resolvedAt }) => {
    if (kind !== 'committed-not-granted' || resolvedAt !== undefined) return [];
    const next = granted.find((each) => each.leg === leg && each.round >= round)?.at;
    const at = next ?? twice.get(round) ?? whenLeftOut(plan, conduct, { leg, since }, now);
    return at === undefined ? [] : [{ report, at }];
  });
  const known = new Set(conduct.breaches.map(({ report }) => report));
  const broken = listOwedGrants({ plan, conduct }, words, now).flatMap(
    ({ leg: { id: leg, from: party }, round, since }): readonly BreachReport[] => {
      const report = nameReport(leg, round);
      if (Date.parse(now) < Date.parse(since) || known.has(report)) return [];
      if (isGranted(leg, round) || (isSeen.has(leg) && grants.unasked !== undefined)) return [];
      const breach = 'committed-not-granted';
      return [{ report, agreement: plan.agreement.id, breach, party, leg, round, since, reportedAt: now }];
    },
  );
  return { broken, mended };
}

interface Granted {
  readonly leg: string;
  readonly round: string;
  /** When it was seen, or heard. */
  readonly at: string;
  /** AWS tells it, and not its giver. */
  readonly isSeen: boolean;
}

/** What others have granted, by what AWS tells and by their own word: the earliest round first. */
function listGranted({ commitments }: PeerWords, { seen, waiting }: GrantsSeen, now: string): readonly Granted[] {
  const said = commitments.flatMap(({ says, leg, round, at, heardAt = at }) =>
    says === 'granted' ? [{ leg, round, at: heardAt, isSeen: false }] : [],
  );
  const shown = seen.map(({ leg, round, at }) => ({ leg, round, at, isSeen: true }));
  const accepts = waiting.map(({ leg, round }) => ({ leg, round, at: now, isSeen: true }));
  // Of one round what is on record comes before what is seen only now.
  return [...said, ...shown, ...accepts].sort((one, other) => compareTexts(one.round, other.round));
}

function nameReport(leg: string, round: string): string {
  return `not-granted:${leg}:${round}`;
}
