import type { ComparedSummary } from '../../domain/audit/attribution/count-summarised';
import { type EarlierCounts, openCompared } from '../../domain/audit/attribution/open-compared';
import type { CountMismatch } from '../../domain/audit/report/audit-subject';
import type { FoundLog } from './list-log-files';
import type { LogSource } from './log-source';
import type { ScanResult } from './scan-files';
import type { LogScan } from './scan-logs';

/** What the reports of before have told, and the files that they were made of among those that were found. */
export type ReportedCounts = Pick<EarlierCounts, 'periods' | 'missingUntil'> & { readonly files: Iterable<FoundLog> };

/**
 * Where the logs hold CloudTrail's own counts, reads them once more and tells where fewer events were found than it
 * counted. More are no finding: CloudTrail may deliver an event twice.
 * @param time UTC, ISO 8601: from the beginning of the period to the watermark; what is later may still be on its way
 */
export async function compareCounts(
  logs: LogSource,
  scan: LogScan,
  time: { readonly from: string; readonly to: string },
  earlier: ReportedCounts | undefined,
): Promise<readonly CountMismatch[]> {
  const read = scan.results.flatMap(({ summaries }) => summaries);
  const reported = earlier === undefined ? new Set<string>() : listReported(read, earlier.files);
  const isCompared = openCompared(
    time,
    earlier === undefined ? undefined : { ...earlier, isReported: ({ id }) => reported.has(id) },
  );
  if (logs.count === undefined || !read.some(({ summary }) => isCompared(summary) !== undefined)) return [];
  const others = new Set<string>();
  for (const { file, kind } of scan.files) if (kind !== 'log') others.add(file);
  // Of all, as they are counted ahead of a report.
  const all = await logs.count(
    others,
    read.map(({ summary }) => summary),
  );
  const places = new Map(read.map(({ summary, evidence }) => [summary.id, evidence]));
  return all.flatMap((each) => {
    const compared = each.found < each.summary.counted ? isCompared(each.summary) : undefined;
    return compared === undefined ? [] : [{ ...describe(each), ...(compared === 'late' && { late: true as const }) }];
  });

  function describe({ summary, found: single }: ComparedSummary): CountMismatch {
    const { id, source, region, account, name, dimension, counted } = summary;
    const place = places.get(id);
    const service = source.replace(/\.amazonaws\.com(\.cn)?$/, '');
    const of = dimension === 'eventName' ? `${service} ${name}` : `${service}, all of ${name}`;
    return {
      at: summary.from,
      to: summary.to,
      what: `${of} in ${region} of ${account}`,
      counted,
      found: single,
      evidence: place === undefined ? [] : [{ ...place, event: id }],
    };
  }
}

/** The summaries, by id, that stand in a file of which an earlier report was made. */
function listReported(read: ScanResult['summaries'], files: Iterable<FoundLog>): ReadonlySet<string> {
  const holding = new Set(read.map(({ evidence }) => evidence.file));
  const reported = new Set<string>();
  for (const { file, reported: isReported } of files) if (isReported === true && holding.has(file)) reported.add(file);
  return new Set(read.flatMap(({ summary, evidence }) => (reported.has(evidence.file) ? [summary.id] : [])));
}
