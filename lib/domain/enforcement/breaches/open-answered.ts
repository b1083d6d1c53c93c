import { copiesOf, type JoinedAccess, listTies } from '../../audit/records/join-accesses';
import { isAnswered, nameOnce } from '../../registry/breach-name';
import type { BreachRecord } from '../../registry/conduct-records';
import { tieSchema } from '../../registry/record-parts';
import { MAX_EVIDENCE } from './breach-evidence';

/** Whether what is found of an access was answered with an earlier breach. @param report the name of what is found */
type IsAnsweredFor = (report: string, joined: JoinedAccess) => boolean;

/**
 * What was overruled or is over answers for the accesses that it names, and for what is told of the same session, request or
 * event up to then: the trail's copy may be entered a month after the live one, under an id of its own. A breach that names as
 * many as it can answers for its whole day up to then. What comes after is a breach of its own.
 */
export function openAnswered(breaches: readonly BreachRecord[]): IsAnsweredFor {
  const until = new Map<string, number>();
  const answer = (what: string, end: number) => until.set(what, Math.max(end, until.get(what) ?? end));
  for (const breach of breaches) {
    if (!isAnswered(breach)) continue;
    const { report, evidence, ties = [] } = breach;
    const subject = subjectOf(report);
    const answeredAt = findAnswer(breach);
    for (const id of evidence) answer(`${subject} ${id}`, Number.POSITIVE_INFINITY);
    for (const tie of ties) answer(`${subject} ${tie}`, answeredAt);
    if (evidence.length >= MAX_EVIDENCE) answer(nameOnce(report), answeredAt);
  }
  return (report, joined) => {
    const at = Date.parse(joined.access.at);
    const subject = subjectOf(report);
    const told = [...copiesOf(joined).map(({ id }) => id), ...listTies(joined)];
    return [report, ...told.map((each) => `${subject} ${each}`)].some((what) => at <= (until.get(what) ?? NEVER));
  };
}

const NEVER = Number.NEGATIVE_INFINITY;

/** What ties an access to what else may be told of it, as far as a record takes it: a partner's account may forward anything. */
export function tiesOf(joined: JoinedAccess): readonly string[] {
  return listTies(joined).filter((tie) => tieSchema.safeParse(tie).success);
}

/**
 * Kind, party (of strangers, account) and leg: one session may reach from a day into the next. What is counted is counted in its
 * own period.
 */
function subjectOf(report: string): string {
  const once = nameOnce(report);
  return /^(over-quota|bulk-read):/.test(once) ? once : once.replace(/:\d{4}-\d{2}-\d{2}$/, '');
}

/** When it was answered, the first time: milliseconds. */
function findAnswer({ overruled, resolvedAt }: BreachRecord): number {
  return Math.min(...[overruled?.at, resolvedAt].flatMap((at) => (at === undefined ? [] : [Date.parse(at)])));
}
