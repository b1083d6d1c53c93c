import { nameLinkSession, readLinkSession } from '../../enforcement/doors/link-session';
import { SESSION_MS } from '../session-length';

/** A decision as it was written down when it was taken: who may, or may not, reach what, and by which clause. */
export interface RecordedDecision {
  /** `<time>/<id of its record>`, and what else tells two apart. */
  readonly id: string;
  readonly effect: 'permit' | 'forbid';
  readonly agreement: { readonly id: string; readonly version: number };
  readonly party: string;
  /** Id of the leg. */
  readonly leg: string;
  /** Id of the clause that says so. */
  readonly clause: string;
  /** Holds from `at` until another decision on the same party and leg, or until `until`: UTC, ISO 8601. */
  readonly at: string;
  readonly until?: string;
}

/** Decisions by agreement, version, party and leg, each list in order of time. */
export type DecisionIndex = ReadonlyMap<string, readonly RecordedDecision[]>;

/** What was permitted, by what the session is named that signs its links. */
export type LinkIndex = ReadonlyMap<string, readonly RecordedDecision[]>;

export function indexLinks(decisions: readonly RecordedDecision[]): LinkIndex {
  const index = new Map<string, RecordedDecision[]>();
  for (const decision of decisions) {
    if (decision.effect === 'forbid') continue;
    const link = readLinkSession(nameLinkSession(decision.id.split('/')[1] ?? '')) ?? '';
    const earlier = index.get(link);
    if (earlier === undefined) index.set(link, [decision]);
    else earlier.push(decision);
  }
  return index;
}

/**
 * Whether a request by a link that this decision gave can have ended then, which may be what CloudTrail tells: AWS lets none
 * begin once the link's session is over, and five gigabytes on a slow line take hours. Logs have whole seconds.
 */
export function mayLinkHold({ at }: Pick<RecordedDecision, 'at'>, then: string): boolean {
  const age = Date.parse(then) - Date.parse(at);
  return age > -1000 && age <= SESSION_MS;
}

interface Subject {
  readonly agreement: RecordedDecision['agreement'];
  readonly party: string;
  readonly leg: string;
}

export function indexDecisions(decisions: readonly RecordedDecision[]): DecisionIndex {
  const index = new Map<string, RecordedDecision[]>();
  // Of one moment, by their ids: whoever reads the record again, in whatever order, finds the same.
  const ordered = decisions.toSorted(
    (left, right) =>
      Date.parse(left.at) - Date.parse(right.at) || (left.id < right.id ? -1 : Number(left.id > right.id)),
  );
  for (const decision of ordered) {
    const earlier = index.get(nameSubject(decision));
    if (earlier === undefined) index.set(nameSubject(decision), [decision]);
    else earlier.push(decision);
  }
  return index;
}

/** The decision that held at an instant: of those on this party and leg, the last one taken, if it had not ended. */
export function findDecision(index: DecisionIndex, subject: Subject, at: string): RecordedDecision | undefined {
  const instant = Date.parse(at);
  const last = index.get(nameSubject(subject))?.findLast((decision) => Date.parse(decision.at) <= instant);
  const ended = last?.until !== undefined && Date.parse(last.until) <= instant;
  return ended ? undefined : last;
}

function nameSubject({ agreement, party, leg }: Subject): string {
  return `${agreement.id} ${agreement.version} ${party} ${leg}`;
}
