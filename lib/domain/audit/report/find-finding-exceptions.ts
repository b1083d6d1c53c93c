import { formatCount } from '../../format';
import { isRoomFunction } from '../../room/room-names';
import { isProven } from '../attribution/is-proven';
import { nameTrail } from '../attribution/measure-coverage';
import { isNotice, type TrailFinding } from '../integrity/trail-finding';
import type { CountedKind } from '../records/collect-accesses';
import type { AuditedFunction } from './audit-header';
import type { CoverageRun } from './audit-report';
import type { AuditFindings } from './audit-subject';
import { EXCEPTION_SEVERITY } from './exception-rules';
import { endOfRun, joinCoverage } from './join-coverage';
import type { ReportedException, ReportedExceptionKind } from './reported-exception';

/** What of an audit's findings such exceptions follow from. */
type FindingGrounds = Pick<AuditFindings, 'integrity' | 'coverage' | 'conflicts' | 'counts' | 'unread' | 'unexplained'>;

/**
 * What does not add up in the logs themselves: their files, their hours, their copies and their counts.
 * @param from when the period begins: what has no time of its own stands there
 */
export function findFindingExceptions(
  { integrity, coverage, conflicts, counts, unread = [], unexplained = [] }: FindingGrounds,
  from: string,
): readonly ReportedException[] {
  const broken = (integrity?.findings ?? []).filter((finding) => !isNotice(finding));
  return [
    ...broken.map((finding) => make('broken-integrity', from, describeBroken(finding), [])),
    ...unread.map(({ file, problem }) => make('broken-integrity', from, `${file}${UNREAD}${problem}.`, [])),
    ...unexplained.map(({ at, ...kind }) => make('unread-record', at, describeUnread(kind), [])),
    ...listCoverageGaps(joinCoverage(coverage), integrity !== undefined),
    ...conflicts.map(({ at, evidence }) => make('conflicting-record', at, CONFLICT, evidence)),
    ...counts.map(({ at, to, what, counted, found, late, evidence }) => ({
      ...make(
        'count-mismatch',
        at,
        `${what}: CloudTrail counted ${formatCount(counted)}, ${formatCount(found)} found.${late === true ? CAME_LATE : ''}`,
        evidence,
      ),
      to,
    })),
  ];
}

const CAME_LATE = ' Its count came after the report of that time.';

/** What is told of a record of which copies differ. */
export const CONFLICT = 'Copies of one record differ: at most one of them is what AWS wrote.';

const UNREAD = ': it was not read, or not to its end: ';

/** Whether an exception of the kind broken-integrity tells of a file that was not read, and not of what digests say. */
export function tellsUnread({ detail }: Pick<ReportedException, 'detail'>): boolean {
  return detail.includes(UNREAD);
}

/** Functions that run in a role of the room and are not named as its own: what they do passes for the room's. */
export function listForeignFunctions(
  functions: readonly AuditedFunction[],
  from: string,
): readonly ReportedException[] {
  return functions
    .filter(({ name }) => !isRoomFunction(name))
    .map(({ name, code, changed }) =>
      make('foreign-function', from, `${name}, changed last at ${changed}; the SHA-256 of its code is ${code}.`, []),
    );
}

/** Hours that nothing proves, as exceptions. @param hasDigests whether digests were given */
export function listCoverageGaps(coverage: readonly CoverageRun[], hasDigests: boolean): readonly ReportedException[] {
  return listGaps(coverage, hasDigests).map((run) => ({
    ...make('coverage-gap', run.from, describeGap(run), []),
    to: endOfRun(run),
  }));
}

/** What digests do not bear out, as the report tells it. */
export function describeBroken({ kind, file, field, detail }: TrailFinding): string {
  return `${file}: ${kind} (${field}). ${detail}`;
}

/**
 * Where digests were given, whatever they do not prove. Where none were, nothing is proven, as the verdict says, and an hour
 * without log files may have been a quiet one; but a trail of which there is no log file at all was to be heard of.
 */
function listGaps(runs: readonly CoverageRun[], hasDigests: boolean): readonly CoverageRun[] {
  if (hasDigests) return runs.filter((run) => !isProven(run));
  const heard = new Set(runs.flatMap((run) => (run.state === 'silent' ? [] : [nameTrail(run)])));
  return runs.filter((run) => !heard.has(nameTrail(run)));
}

function make(
  kind: ReportedExceptionKind,
  at: string,
  detail: string,
  evidence: ReportedException['evidence'],
): ReportedException {
  return { kind, severity: EXCEPTION_SEVERITY[kind], at, detail, evidence };
}

function describeUnread({ what, records, first: { file, record } }: CountedKind): string {
  const where = `${file}, record ${record}`;
  const place = records === 1 ? where : `${formatCount(records)} in this hour, the first: ${where}`;
  return `${what}: it was not read, and names (or may, where it is too long) something of the room and somebody who is none of it. ${place}.`;
}

function describeGap({ trail, region, hours, state }: CoverageRun): string {
  const time = hours === 1 ? 'One hour' : `${formatCount(hours)} hours`;
  switch (state) {
    case 'silent':
      return `${time} of trail ${trail} in ${region} without a log file or a digest.`;
    case 'logged':
      return `${time} of trail ${trail} in ${region} with log files that no digest vouches for.`;
    case 'incomplete':
      return `${time} of trail ${trail} in ${region} of which digests name log files that are missing or changed.`;
    case 'partly-validated':
    case 'validated':
    case 'quiet':
      return `${time} of trail ${trail} in ${region} of which digests cover a part only.`;
  }
}
