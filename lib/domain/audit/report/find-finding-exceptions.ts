import { formatCount } from '../../format';
import { isNotice } from '../integrity/trail-finding';
import type { CoverageRun, ReportedException, ReportedExceptionKind } from './audit-report';
import type { AuditFindings } from './audit-subject';
import { EXCEPTION_SEVERITY } from './exception-rules';
import { endOfRun, joinCoverage } from './join-coverage';

/** What does not add up in the logs themselves: their files, their hours, their copies and their counts. */
export function findFindingExceptions({
  integrity,
  coverage,
  conflicts,
  counts,
  unread = [],
}: AuditFindings): readonly ReportedException[] {
  const first = coverage[0]?.hour ?? '';
  const broken = (integrity?.findings ?? []).filter((finding) => !isNotice(finding));
  const gaps = joinCoverage(coverage).filter(
    ({ state }) => state === 'silent' || (integrity !== undefined && state !== 'validated'),
  );
  return [
    ...broken.map(({ kind, file, field, detail }) =>
      make('broken-integrity', first, `${file}: ${kind} (${field}). ${detail}`, []),
    ),
    ...unread.map(({ file, problem }) =>
      make('broken-integrity', first, `${file}: it was not read, or not to its end: ${problem}.`, []),
    ),
    ...gaps.map((run) => ({ ...make('coverage-gap', run.from, describeGap(run), []), to: endOfRun(run) })),
    ...conflicts.map(({ at, evidence }) =>
      make('conflicting-record', at, 'Copies of one record differ: at most one of them is what AWS wrote.', evidence),
    ),
    ...counts.map(({ at, to, what, counted, found, evidence }) => ({
      ...make(
        'count-mismatch',
        at,
        `${what}: CloudTrail counted ${formatCount(counted)}, ${formatCount(found)} found.`,
        evidence,
      ),
      to,
    })),
  ];
}

function make(
  kind: ReportedExceptionKind,
  at: string,
  detail: string,
  evidence: ReportedException['evidence'],
): ReportedException {
  return { kind, severity: EXCEPTION_SEVERITY[kind], at, detail, evidence };
}

function describeGap({ trail, region, hours, state }: CoverageRun): string {
  const time = hours === 1 ? 'One hour' : `${formatCount(hours)} hours`;
  switch (state) {
    case 'silent':
      return `${time} of trail ${trail} in ${region} without a log file or a digest.`;
    case 'logged':
      return `${time} of trail ${trail} in ${region} with log files that no digest vouches for.`;
    case 'partly-validated':
    case 'validated':
      return `${time} of trail ${trail} in ${region} of which digests cover a part only.`;
  }
}
