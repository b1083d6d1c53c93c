import type { Access, Evidence } from '../access';
import type { RecordReading } from './record-reading';

/** What was read, each access once, and what was not an access. */
interface Collection<E extends Evidence = Evidence> {
  /** In order of time and id. */
  readonly accesses: readonly CollectedAccess<E>[];
  readonly records: RecordCounts;
}

export interface CollectedAccess<E extends Evidence = Evidence> {
  readonly access: Access;
  /** Every place where a copy of the record stands; the first was read. */
  readonly evidence: readonly E[];
  /** Copies that say something else under the same id: at most one of them is what AWS wrote. */
  readonly conflicting: readonly E[];
  readonly clipped: readonly string[];
}

/** read = accesses + duplicates + conflicts + internal + unknown + malformed. */
export interface RecordCounts {
  readonly read: number;
  readonly accesses: number;
  readonly duplicates: number;
  readonly conflicts: number;
  /** Accesses that are entered in the ledger, and in no log that was read; not among those read. */
  readonly entered?: number;
  /** What the room, or AWS, did for itself, where that was seen without reading the record: counted, not kept. */
  readonly internal: readonly CountedKind[];
  readonly unknown: readonly CountedKind[];
  readonly malformed: readonly CountedKind[];
}

export interface CountedKind {
  readonly what: string;
  readonly records: number;
  /** Where the first of them stands. */
  readonly first: Evidence;
}

interface AccessCollector<E extends Evidence = Evidence> {
  readonly add: (reading: RecordReading, evidence: E) => void;
  readonly finish: () => Collection<E>;
}

/** Kinds counted apart; a log that names more has the rest counted together, so that nobody can fill the memory. */
const MAX_KINDS = 1000;
export const OTHER_KINDS = 'other kinds';

interface Entry<E extends Evidence> extends CollectedAccess<E> {
  readonly evidence: E[];
  readonly conflicting: E[];
}

/** Collects readings one by one; memory grows with the accesses, not with the records. */
export function collectAccesses<E extends Evidence = Evidence>(): AccessCollector<E> {
  const entries = new Map<string, Entry<E>>();
  const unknown = countKinds();
  const malformed = countKinds();
  const counts = { read: 0, duplicates: 0, conflicts: 0 };
  const addAccess = (access: Access, clipped: readonly string[], evidence: E) => {
    const earlier = entries.get(access.id);
    if (earlier === undefined) {
      entries.set(access.id, { access, clipped, evidence: [evidence], conflicting: [] });
    } else if (JSON.stringify(earlier.access) === JSON.stringify(access)) {
      earlier.evidence.push(evidence);
      counts.duplicates += 1;
    } else {
      earlier.conflicting.push(evidence);
      counts.conflicts += 1;
    }
  };
  return {
    add: (reading, evidence) => {
      counts.read += 1;
      switch (reading.kind) {
        case 'access':
          return addAccess(reading.access, reading.clipped, evidence);
        case 'unknown':
          return unknown.add(reading.what, evidence);
        case 'malformed':
          return malformed.add(reading.problem, evidence);
      }
    },
    finish: () => ({
      accesses: [...entries.values()].toSorted(compareEntries),
      records: {
        ...counts,
        accesses: entries.size,
        internal: [],
        unknown: unknown.list(),
        malformed: malformed.list(),
      },
    }),
  };
}

interface KindCounter {
  /** @param records how many, the first of them standing at `first` */
  readonly add: (what: string, first: Evidence, records?: number) => void;
  /** Most frequent first. */
  readonly list: () => readonly CountedKind[];
}

/** Counts records by kind, in bounded memory. */
export function countKinds(): KindCounter {
  const kinds = new Map<string, { what: string; records: number; first: Evidence }>();
  return {
    add: (name, first, records = 1) => {
      const what = kinds.has(name) || kinds.size < MAX_KINDS ? name : OTHER_KINDS;
      const earlier = kinds.get(what);
      if (earlier === undefined) kinds.set(what, { what, records, first });
      else {
        earlier.records += records;
        if (compareEvidence(first, earlier.first) < 0) earlier.first = first;
      }
    },
    list: () =>
      [...kinds.values()].toSorted((left, right) => right.records - left.records || compare(left.what, right.what)),
  };
}

/** By file and position. */
export function compareEvidence(left: Evidence, right: Evidence): number {
  return compare(left.file, right.file) || left.record - right.record;
}

function compareEntries(left: CollectedAccess, right: CollectedAccess): number {
  return compare(left.access.at, right.access.at) || compare(left.access.id, right.access.id);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
