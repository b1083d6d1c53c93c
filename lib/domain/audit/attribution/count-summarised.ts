import type { EventSummary } from '../records/read-summary';
import { type Fields, isFields, readAccount, readList, readText, readTime } from '../records/record-fields';

/** A summary, and how many single events were found of those it counted. */
export interface ComparedSummary {
  readonly summary: EventSummary;
  readonly found: number;
}

interface SummaryCounter {
  /** Whether a record of this service and operation may be one of those that are counted. */
  readonly isWanted: (source: string, operation: string) => boolean;
  /** A record of CloudTrail, as it was parsed. */
  readonly add: (record: unknown) => void;
  /** In order of time. */
  readonly finish: () => readonly ComparedSummary[];
}

interface Window {
  readonly summary: EventSummary;
  readonly from: number;
  readonly to: number;
  found: number;
}

/** Counts the single events that summaries counted; memory grows with the summaries, not with the events. */
export function countSummarised(summaries: readonly EventSummary[]): SummaryCounter {
  const windows = new Map<string, Map<number, Window>>();
  const wanted = new Set<string>();
  for (const summary of summaries) {
    const { account, region, source, dimension, name } = summary;
    const [from, to] = [Date.parse(summary.from), Date.parse(summary.to)];
    wanted.add(dimension === 'eventName' ? `${source} ${name}` : source);
    const key = nameCount(account, region, source, dimension, name);
    const known = windows.get(key) ?? new Map<number, Window>();
    windows.set(key, known);
    const earlier = known.get(from);
    // A record that was delivered twice counts once.
    if (earlier === undefined || earlier.summary.counted < summary.counted)
      known.set(from, { summary, from, to, found: 0 });
  }
  const ordered = new Map(
    [...windows].map(([key, known]) => [key, [...known.values()].toSorted((left, right) => left.from - right.from)]),
  );
  return {
    isWanted: (source, operation) => wanted.has(source) || wanted.has(`${source} ${operation}`),
    add: (record) => {
      if (!isFields(record) || !isDataEvent(record)) return;
      const account = readAccount(record, 'recipientAccountId');
      const [region, source] = [readText(record, 'awsRegion'), readText(record, 'eventSource')];
      const at = readTime(record, 'eventTime');
      const operation = readText(record, 'eventName');
      if (account === undefined || region === undefined || source === undefined || at === undefined) return;
      const time = Date.parse(at);
      const note = (dimension: EventSummary['dimension'], name: string) => {
        const window = findWindow(ordered.get(nameCount(account, region, source, dimension, name)) ?? [], time);
        if (window !== undefined) window.found += 1;
      };
      if (operation !== undefined) note('eventName', operation);
      const resources = new Set(readList(record, 'resources').flatMap((each) => readText(each, 'ARN') ?? []));
      for (const arn of resources) note('resourceARN', arn);
    },
    finish: () =>
      [...ordered.values()]
        .flat()
        .toSorted((left, right) => left.from - right.from)
        .map(({ summary, found }) => ({ summary, found })),
  };
}

/** Summaries are of data events only; records of old have no category. */
function isDataEvent({ eventCategory, managementEvent }: Fields): boolean {
  return eventCategory === 'Data' || (eventCategory === undefined && managementEvent === false);
}

function nameCount(account: string, region: string, source: string, dimension: string, name: string): string {
  return `${account} ${region} ${source} ${dimension} ${name}`;
}

/** The last window that begins before the time, if it reaches to it. */
function findWindow(windows: readonly Window[], time: number): Window | undefined {
  let [low, high] = [0, windows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (windows[middle]!.from <= time) low = middle + 1;
    else high = middle;
  }
  const window = windows[low - 1];
  return window !== undefined && time < window.to ? window : undefined;
}
