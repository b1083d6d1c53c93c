import { isDeepStrictEqual } from 'node:util';
import type { Access, HashedEvidence, Resource } from '../../domain/audit/access';
import {
  type AttributedAccess,
  type AttributionGrounds,
  openAttribution,
  readQueried,
} from '../../domain/audit/attribution/attribute-accesses';
import { isLogged } from '../../domain/audit/ledger-evidence';
import {
  type CollectedAccess,
  collectAccesses,
  compareEvidence,
  type RecordCounts,
} from '../../domain/audit/records/collect-accesses';
import { isLinked, joinAccesses, linkThread, nameThread } from '../../domain/audit/records/join-accesses';
import type { ScannedAccess } from '../logs/scan-files';
import { drainPart, type Held, openSpool, PARTS, type Spool } from './open-spool';
import { openSortedRuns, type SortedRuns } from './sorted-runs';

/** An access with all that is known of it, and where each copy stands. */
export interface SpooledAccess {
  readonly attributed: AttributedAccess;
  /** By id of each copy. */
  readonly evidence: Readonly<Record<string, readonly HashedEvidence[]>>;
}

export interface Conflict {
  readonly at: string;
  readonly id: string;
  readonly evidence: readonly HashedEvidence[];
}

type SpooledCounts = Pick<RecordCounts, 'accesses' | 'duplicates' | 'conflicts'> &
  Required<Pick<RecordCounts, 'entered'>>;

interface JoinedSpool {
  readonly counts: SpooledCounts;
  /** Up to a cap. */
  readonly conflicts: readonly Conflict[];
  /** Ids of accesses of which the ledger has another copy than the logs; up to a cap. */
  readonly differing: ReadonlySet<string>;
  /** In order of time and id. */
  readonly runs: SortedRuns<SpooledAccess>;
}

const MAX_CONFLICTS = 10_000;

/**
 * Takes what was scanned, each access once; joins and attributes it, and leaves it in sorted runs. In memory is, of many,
 * one part at a time.
 * @param begin of the period, where reports of the time before were made: of that time the ledger tells what these told
 */
export function joinSpooled(
  folder: string,
  scanned: readonly Held<ScannedAccess>[],
  grounds: Omit<AttributionGrounds, 'queried'>,
  bucketOwners: ReadonlyMap<string, string>,
  begin?: string,
): JoinedSpool {
  const {
    threads,
    queried,
    linked,
    threaded: spool,
    ...found
  } = collectScanned(folder, scanned, Date.parse(begin ?? ''));
  const threaded = threadLinked(folder, { linked, threaded: spool, threads });
  const runs = openSortedRuns(folder, 'run', compareSpooled);
  const attribute = openAttribution({ ...grounds, queried });
  for (let part = 0; part < PARTS; part += 1) {
    const evidence = new Map<string, readonly HashedEvidence[]>();
    const accesses: Access[] = [];
    for (const [access, places] of drainPart(folder, 'threaded', part, [threaded])) {
      accesses.push(access);
      evidence.set(access.id, places);
    }
    const explained = joinAccesses(accesses, bucketOwners, grounds.agreements).map((joined): SpooledAccess => {
      const copies = [joined.access, ...joined.otherSides, ...joined.witnesses];
      const places = Object.fromEntries(copies.map(({ id }) => [id, evidence.get(id) ?? []]));
      return { attributed: attribute(joined), evidence: places };
    });
    runs.add(explained);
  }
  return { ...found, runs };
}

export function compareSpooled({ attributed: left }: SpooledAccess, { attributed: right }: SpooledAccess): number {
  const [first, second] = [left.joined.access, right.joined.access];
  return compare(first.at, second.at) || compare(first.id, second.id);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

type ThreadedAccess = readonly [access: Access, evidence: readonly HashedEvidence[]];

interface Collected extends Omit<JoinedSpool, 'runs'> {
  /** Those whose thread another access may tell. */
  readonly linked: Held<ThreadedAccess>;
  /** All others. */
  readonly threaded: Spool<ThreadedAccess>;
  readonly threads: ReadonlyMap<string, string>;
  readonly queried: ReadonlyMap<string, Resource>;
}

/** Each access once; what says something else under the same id is set apart. Leaves the spools `linked` and `threaded`. */
function collectScanned(folder: string, scanned: readonly Held<ScannedAccess>[], begin: number): Collected {
  const counts = { accesses: 0, duplicates: 0, conflicts: 0, entered: 0 };
  const conflicts: Conflict[] = [];
  const differing = new Set<string>();
  const threads = new Map<string, string>();
  const queried = new Map<string, Resource>();
  const linked = openSpool<ThreadedAccess>(folder, 'linked');
  const threaded = openSpool<ThreadedAccess>(folder, 'threaded');
  for (let part = 0; part < PARTS; part += 1) {
    for (const each of collectPart(folder, part, scanned, counts, begin)) {
      const { access, evidence, conflicting, differs } = each;
      const [shared, thread] = linkThread(access) ?? [];
      if (shared !== undefined && thread !== undefined) threads.set(shared, thread);
      const [query, table] = readQueried(access) ?? [];
      if (query !== undefined && table !== undefined) queried.set(query, table);
      if (conflicting.length > 0 && conflicts.length < MAX_CONFLICTS) {
        conflicts.push({ at: access.at, id: access.id, evidence: [...evidence, ...conflicting] });
      }
      if (differs && differing.size < MAX_CONFLICTS) differing.add(access.id);
      if (isLinked(access)) linked.put(access.id, [access, evidence]);
      else threaded.put(nameThread(access, NO_THREADS), [access, evidence]);
    }
  }
  return { counts, conflicts, differing, threads, queried, linked: linked.finish(), threaded };
}

const NO_THREADS: ReadonlyMap<string, string> = new Map();

function collectPart(
  folder: string,
  part: number,
  held: readonly Held<ScannedAccess>[],
  counts: { -readonly [kind in keyof SpooledCounts]: number },
  begin: number,
): readonly FoundAccess[] {
  const scanned = [...drainPart(folder, 'scanned', part, held)];
  const collector = collectAccesses<HashedEvidence>();
  // The order in which threads wrote is chance.
  const placed = scanned.map(([file, sha256, record, access, clipped]) => ({
    evidence: { file, sha256, record },
    access,
    clipped,
  }));
  const logged = placed.filter(({ evidence }) => isLogged([evidence]));
  for (const { evidence, access, clipped } of logged.toSorted((a, b) => compareEvidence(a.evidence, b.evidence))) {
    collector.add({ kind: 'access', access, clipped }, evidence);
  }
  const { accesses, records } = collector.finish();
  counts.accesses += records.accesses;
  counts.duplicates += records.duplicates;
  counts.conflicts += records.conflicts;
  const entered = placed.filter(({ evidence }) => !isLogged([evidence]));
  const all = addEntered(accesses, entered, begin);
  // Of the time before only what lies around that which came late is read, and was told.
  counts.entered += all.filter(({ access, evidence: of }) => !isLogged(of) && !(Date.parse(access.at) < begin)).length;
  return all;
}

interface FoundAccess extends CollectedAccess<HashedEvidence> {
  /** Whether the ledger has another copy of it. */
  readonly differs: boolean;
}

/**
 * What a log has is told by the log, whatever the ledger says of it. But of the time before the period, that an earlier report
 * told of it stands in the ledger alone.
 */
function addEntered(
  logged: readonly CollectedAccess<HashedEvidence>[],
  entered: readonly (Pick<CollectedAccess, 'access' | 'clipped'> & { readonly evidence: HashedEvidence })[],
  begin: number,
): readonly FoundAccess[] {
  const places = new Map(entered.map((each) => [each.access.id, each]));
  const known = logged.map((each) => {
    const place = places.get(each.access.id);
    places.delete(each.access.id);
    const isBefore = place !== undefined && Date.parse(each.access.at) < begin;
    const differs = place !== undefined && !isDeepStrictEqual(place.access, each.access);
    return { ...each, differs, ...(isBefore ? { evidence: [...each.evidence, place.evidence] } : {}) };
  });
  const others = [...places.values()].map((each) => ({
    ...each,
    evidence: [each.evidence],
    conflicting: [],
    differs: false,
  }));
  return [...known, ...others];
}

/** From parts by id to parts by thread: now all links are known. */
function threadLinked(
  folder: string,
  { linked, threaded, threads }: Pick<Collected, 'linked' | 'threaded' | 'threads'>,
): Held<ThreadedAccess> {
  for (let part = 0; part < PARTS; part += 1)
    for (const each of drainPart(folder, 'linked', part, [linked])) threaded.put(nameThread(each[0], threads), each);
  return threaded.finish();
}
