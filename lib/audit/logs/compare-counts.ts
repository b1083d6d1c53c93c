import type { ComparedSummary } from '../../domain/audit/attribution/count-summarised';
import type { CountMismatch } from '../../domain/audit/report/audit-subject';
import type { LogSource } from './log-source';
import type { LogScan } from './scan-logs';

/** Times between which counts are compared: UTC, ISO 8601. */
interface ComparedTime {
  readonly from: string;
  /** What is later may still be on its way. */
  readonly to: string;
}

/**
 * Where the logs hold CloudTrail's own counts, reads them once more and tells where fewer events were found than it
 * counted. More are no finding: CloudTrail may deliver an event twice.
 */
export async function compareCounts(
  logs: LogSource,
  { files, results }: LogScan,
  time: ComparedTime,
): Promise<readonly CountMismatch[]> {
  const [from, to] = [Date.parse(time.from), Date.parse(time.to)];
  const found = results
    .flatMap(({ summaries }) => summaries)
    .filter(({ summary }) => Date.parse(summary.from) >= from && Date.parse(summary.to) <= to);
  if (found.length === 0 || logs.count === undefined) return [];
  const others = new Set<string>();
  for (const { file, kind } of files) if (kind !== 'log') others.add(file);
  const compared = await logs.count(
    others,
    found.map(({ summary }) => summary),
  );
  const places = new Map(found.map(({ summary, evidence }) => [summary.id, evidence]));
  return compared.filter(({ summary, found: single }) => single < summary.counted).map(describe);

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
