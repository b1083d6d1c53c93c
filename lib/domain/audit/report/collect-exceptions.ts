import { EXCEPTION_SEVERITY, SEVERITIES } from './exception-rules';
import type { ExceptionList, ExceptionSeverity, ReportedException, ReportedExceptionKind } from './reported-exception';

interface ExceptionCollector {
  readonly add: (exception: ReportedException) => void;
  readonly finish: () => ExceptionList;
}

/** Keeps the gravest `cap` of the exceptions, and counts all. Memory is bounded by the cap, not by what is added. */
export function collectExceptions(cap: number): ExceptionCollector {
  const counts = new Map<ReportedExceptionKind, number>();
  const kept = new Map<ExceptionSeverity, ReportedException[]>(SEVERITIES.map((severity) => [severity, []]));
  return {
    add: (exception) => {
      counts.set(exception.kind, (counts.get(exception.kind) ?? 0) + 1);
      const list = kept.get(exception.severity);
      if (list !== undefined && list.length < cap) list.push(exception);
    },
    finish: () => {
      const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
      const listed = SEVERITIES.flatMap((severity) => (kept.get(severity) ?? []).toSorted(compareTimes)).slice(0, cap);
      return { counts: listCounts(counts), listed, beyond: all - listed.length };
    },
  };
}

function listCounts(counts: ReadonlyMap<ReportedExceptionKind, number>): ExceptionList['counts'] {
  const kinds = Object.keys(EXCEPTION_SEVERITY) as ReportedExceptionKind[];
  return kinds.flatMap((kind) => {
    const count = counts.get(kind) ?? 0;
    return count === 0 ? [] : [{ kind, severity: EXCEPTION_SEVERITY[kind], count }];
  });
}

function compareTimes(left: ReportedException, right: ReportedException): number {
  return Date.parse(left.at) - Date.parse(right.at);
}
