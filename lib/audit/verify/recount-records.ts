import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import * as z from 'zod';
import type { Evidence } from '../../domain/audit/access';
import { type CountedKind, countKinds, OTHER_KINDS } from '../../domain/audit/records/collect-accesses';
import { countReached, mergeReached, type ReachCounter } from '../../domain/audit/records/count-reached';
import type { AuditReport } from '../../domain/audit/report/audit-report';
import { REPORT_CAPS } from '../../domain/audit/report/build-audit-report';
import { findFindingExceptions } from '../../domain/audit/report/find-finding-exceptions';
import { parseJson } from '../../domain/parse-json';
import { INPUT_LABELS } from '../grounds/input-names';
import { inventorySchema } from '../grounds/inventory';
import { RECORD_FILES } from '../grounds/record-folder';
import { listUnread } from '../logs/list-unread';
import { asItIs } from '../pack/as-it-is';
import { EXCEPTION_TABLE } from '../pack/exception-table';
import { REPORT } from '../pack/read-pack-report';
import { readRows } from '../pack/read-rows';
import type { PackFinding } from './verify-pack';

/** How far around its period an audit reads. */
const MARGIN_MS = 12 * 60 * 60 * 1000;

type Counted = 'internal' | 'unknown' | 'malformed' | 'unread';

/** Counts the records of all logs of a pack once more, as the audit counts them. */
interface Recount {
  /** Told of what the room's own people reached. */
  readonly reached: ReachCounter;
  /** Of the room: what of it a record may name. */
  readonly buckets: readonly string[];
  readonly addAccess: (at: string) => void;
  readonly count: (kind: Counted, what: string, first: Evidence, records: number) => void;
  readonly addFile: (records: number) => void;
  /** Compares them with what the report of the whole room tells. */
  readonly finish: () => Promise<readonly PackFinding[]>;
}

/** @param folder of the pack @returns undefined where it does not say which buckets are the room's */
export function openRecount(folder: string, { header, operator }: AuditReport): Recount | undefined {
  const buckets = readBuckets(folder);
  if (buckets === undefined) return undefined;
  const { period, records, after } = header;
  const [first, end] = [Date.parse(period.from) - MARGIN_MS, Date.parse(period.to) + MARGIN_MS];
  const counters = { internal: countKinds(), unknown: countKinds(), malformed: countKinds(), unread: countKinds() };
  const reached = countReached(buckets);
  let [read, accesses, around] = [0, 0, 0];
  const compare = async (): Promise<readonly (readonly [what: string, isSame: boolean])[]> => {
    const told = records.accesses + records.duplicates + records.conflicts;
    const all = mergeReached([reached.list()]);
    const [own, beyond] = [all.slice(0, REPORT_CAPS.principals), Math.max(0, all.length - REPORT_CAPS.principals)];
    const unexplained = listUnread([counters.unread.list()], period);
    const unread = findFindingExceptions({ coverage: [], conflicts: [], counts: [], unexplained }, period.from);
    return [
      ['how many records were read', records.read === read],
      // Of the time before it takes what no report told of.
      ['how many of them are accesses', after === undefined ? told === around : told >= around && told <= accesses],
      ['what the room did by itself', isSameKinds(records.internal, counters.internal.list())],
      ['records of no known kind', isSameKinds(records.unknown, counters.unknown.list())],
      ['records that could not be read', isSameKinds(records.malformed, counters.malformed.list())],
      [
        'records that concern others and were not read',
        isSame(await listTold(folder), unread.map(canonical).toSorted()),
      ],
      ['what its own people reached', isSame([operator.reached, operator.reachedBeyond], [own, beyond])],
    ];
  };
  return {
    reached,
    buckets,
    addAccess: (at) => {
      const time = Date.parse(at);
      accesses += 1;
      if (time >= first && time < end) around += 1;
    },
    count: (kind, what, place, count) => counters[kind].add(what, place, count),
    addFile: (count) => {
      read += count;
    },
    finish: async () =>
      (await compare()).flatMap(([what, isSo]) =>
        isSo ? [] : [{ file: REPORT, problem: `what it says of ${what} is not what the logs hold` }],
      ),
  };
}

const unreadSchema = z.looseObject({ kind: z.literal('unread-record') });

async function listTold(folder: string): Promise<readonly string[]> {
  const told: string[] = [];
  for await (const [exception] of readRows(folder, EXCEPTION_TABLE, asItIs(unreadSchema)))
    if (exception !== undefined) told.push(canonical(exception));
  return told.toSorted();
}

/** Of the inventory on record. */
function readBuckets(folder: string): readonly string[] | undefined {
  const place = join(folder, INPUT_LABELS.record, RECORD_FILES.inventory);
  if (!existsSync(place)) return undefined;
  const room = inventorySchema.safeParse(parseJson(readFileSync(place, 'utf8'))).data?.room;
  return room && [...new Set([room.landingBucket, room.lakeBucket])];
}

/** Beyond a cap kinds are counted together, in the order in which they came: of these, that they are as many. */
function isSameKinds(told: readonly CountedKind[], counted: readonly CountedKind[]): boolean {
  if (!counted.some(({ what }) => what === OTHER_KINDS)) return isSame(told, counted);
  const [left, right] = [told, counted].map((kinds) => kinds.reduce((sum, { records }) => sum + records, 0));
  return left === right;
}

function isSame(told: unknown, counted: unknown): boolean {
  return canonical(told) === canonical(counted);
}

function canonical(value: unknown): string {
  return canonicalize(value) ?? '';
}
