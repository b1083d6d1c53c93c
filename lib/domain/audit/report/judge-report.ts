import { formatCount } from '../../format';
import { isProven } from '../attribution/is-proven';
import type { AuditReport, AuditVerdict } from './audit-report';
import type { ReportedExceptionKind } from './reported-exception';

/** The answer first: whether everything that happened was allowed and is explained, and whether the logs can be believed. */
export function judgeReport({
  exceptions,
  accesses,
  header,
  coverage,
}: Pick<AuditReport, 'exceptions' | 'accesses' | 'header' | 'coverage'>): AuditVerdict {
  const count = (severity: string) =>
    exceptions.counts.reduce((sum, each) => sum + (each.severity === severity ? each.count : 0), 0);
  const countKind = (wanted: ReportedExceptionKind) =>
    exceptions.counts.find(({ kind }) => kind === wanted)?.count ?? 0;
  const [written, granted] = [countKind('record-changed'), countKind('granted-to-stranger')];
  const taken = countKind('deliveries-read');
  const [breaches, gaps] = [count('breach') - written - granted - taken, count('gap')];
  const hours = coverage.reduce((sum, run) => sum + run.hours, 0);
  const validated = coverage.reduce((sum, run) => sum + (isProven(run) ? run.hours : 0), 0);
  const proven = header.integrity.kind === 'intact' && validated === hours && hours > 0;
  const doubts = gaps > 0 || !proven;
  const outside = accesses.total - accesses.internal;
  const logs = describeLogs(header.integrity.kind, validated, hours);
  if (count('breach') > 0) {
    const found = [
      ...(breaches === 0
        ? []
        : [
            `${formatCount(breaches)} of ${countAccesses(outside)} across the border ${breaches === 1 ? 'was' : 'were'} allowed by no clause and decision`,
          ]),
      ...(written === 0
        ? []
        : [
            `${formatCount(written)} ${written === 1 ? 'write' : 'writes'} to the record by others than the room’s functions`,
          ]),
      ...(taken === 0
        ? []
        : [`${formatCount(taken)} ${taken === 1 ? 'reading' : 'readings'} of deliveries by the room’s own people`]),
      ...(granted === 0 ? [] : [`${formatCount(granted)} ${granted === 1 ? 'grant' : 'grants'} to strangers`]),
    ];
    return { kind: 'breached', sentence: `${found.join(', ')}, and ${logs}${describePending(accesses.pending)}.` };
  }
  const explained = describeExplained(outside, gaps);
  return {
    kind: doubts ? 'doubtful' : 'clean',
    sentence: `${explained}, and ${logs}${describePending(accesses.pending)}.`,
  };
}

function describeExplained(outside: number, gaps: number): string {
  if (outside === 0 && gaps === 0) return 'Nobody outside the room reached its data';
  if (gaps === 0) return `Nothing contradicts the agreements in ${countAccesses(outside)} across the border`;
  return `No forbidden access is known among ${formatCount(outside)} across the border, but ${gaps === 1 ? 'one finding leaves' : `${formatCount(gaps)} findings leave`} something unproven`;
}

function describePending(pending: number): string {
  return pending === 0 ? '' : `; ${countAccesses(pending)} ${pending === 1 ? 'is' : 'are'} too young to be judged yet`;
}

function countAccesses(count: number): string {
  return count === 1 ? '1 access' : `${formatCount(count)} accesses`;
}

function describeLogs(integrity: AuditReport['header']['integrity']['kind'], validated: number, hours: number): string {
  switch (integrity) {
    case 'intact':
      return hours > 0 && validated === hours
        ? `the logs are proven whole and unchanged for all ${formatCount(hours)} hours of trail`
        : `the logs that were given are unchanged, but are proven whole for ${formatCount(validated)} of ${formatCount(hours)} hours of trail only`;
    case 'broken':
      return 'the logs cannot be fully believed: their digests do not agree with them';
    case 'not-checked':
      return 'nothing vouches for the logs: no digests were given';
  }
}
