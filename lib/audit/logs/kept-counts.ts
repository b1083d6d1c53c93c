import { createHash } from 'node:crypto';
import type { ComparedSummary } from '../../domain/audit/attribution/count-summarised';
import type { EventSummary } from '../../domain/audit/records/read-summary';
import type { NoteSigner } from '../ledger/note-signer';
import { countEvents } from './count-events';
import type { KeptScan, ScanStore, StoredLogs } from './kept-scan';
import { openSealed, sealText } from './sealed-text';

const KIND = 'counted logs';

/** How many of the events that each summary counted are in the logs of one scan: kept beside it. @returns whether it was not yet */
export async function keepCounts(
  { logs, store, signer }: { readonly logs: StoredLogs; readonly store: ScanStore; readonly signer: NoteSigner },
  scan: KeptScan,
  summaries: readonly EventSummary[],
): Promise<boolean> {
  const name = nameCounts(scan, summaries);
  if ((await store.list(name)).length > 0) return false;
  const counted = await countEvents(
    logs.fetch(scan.files.map(({ file, bytes }) => ({ file, path: file, bytes }))),
    summaries,
  );
  const found = counted.filter((each) => each.found > 0);
  await store.putNew(name, await sealText(signer, KIND, JSON.stringify({ scan: scan.name, counted: found })));
  return true;
}

/** What was counted in the logs of a scan of these summaries; undefined: nothing that this room signed. */
export async function readCounts(
  store: ScanStore,
  scan: KeptScan,
  summaries: readonly EventSummary[],
  signer: NoteSigner,
): Promise<readonly ComparedSummary[] | undefined> {
  const name = nameCounts(scan, summaries);
  if ((await store.list(name)).length === 0) return undefined;
  const line = openSealed(signer.key, KIND, await store.read(name));
  const told: { readonly scan: string; readonly counted: readonly ComparedSummary[] } = JSON.parse(line ?? '{}');
  return told.scan === scan.name ? told.counted : undefined;
}

function nameCounts({ name }: KeptScan, summaries: readonly EventSummary[]): string {
  const hash = createHash('sha256')
    .update(JSON.stringify(summaries.toSorted(compareSummaries)))
    .digest('hex');
  return name.replace(/\.json$/, `.counts-${hash}.json`);
}

function compareSummaries(left: EventSummary, right: EventSummary): number {
  const [first, second] = [JSON.stringify(left), JSON.stringify(right)];
  return first < second ? -1 : Number(first > second);
}
