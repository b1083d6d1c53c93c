import type { Access, Evidence } from '../access';
import type { RecordReading } from './record-reading';

/** What was read, each access once, and what was not an access. */
export interface Collection {
  /** In order of time and id. */
  readonly accesses: readonly CollectedAccess[];
  readonly records: RecordCounts;
}

export interface CollectedAccess {
  readonly access: Access;
  /** Every place where a copy of the record stands; the first was read. */
  readonly evidence: readonly Evidence[];
  /** Copies that say something else under the same id: at most one of them is what AWS wrote. */
  readonly conflicting: readonly Evidence[];
  readonly clipped: readonly string[];
}

/** read = accesses + duplicates + conflicts + unknown + malformed. */
export interface RecordCounts {
  readonly read: number;
  readonly accesses: number;
  readonly duplicates: number;
  readonly conflicts: number;
  readonly unknown: readonly CountedKind[];
  readonly malformed: readonly CountedKind[];
}

export interface CountedKind {
  readonly what: string;
  readonly records: number;
  /** Where the first of them stands. */
  readonly first: Evidence;
}

export interface AccessCollector {
  readonly add: (reading: RecordReading, evidence: Evidence) => void;
  readonly finish: () => Collection;
}

/** Kinds counted apart; a log that names more has the rest counted together, so that nobody can fill the memory. */
const MAX_KINDS = 1000;
const OTHER_KINDS = 'other kinds';

interface Entry extends CollectedAccess {
  readonly evidence: Evidence[];
  readonly conflicting: Evidence[];
}

/** Collects readings one by one; memory grows with the accesses, not with the records. */
export function collectAccesses(): AccessCollector {
  const entries = new Map<string, Entry>();
  const unknown = new Map<string, CountedKind>();
  const malformed = new Map<string, CountedKind>();
  const counts = { read: 0, duplicates: 0, conflicts: 0 };
  const addAccess = (access: Access, clipped: readonly string[], evidence: Evidence) => {
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
          return countKind(unknown, reading.what, evidence);
        case 'malformed':
          return countKind(malformed, reading.problem, evidence);
      }
    },
    finish: () => ({
      accesses: [...entries.values()].toSorted(compareEntries),
      records: { ...counts, accesses: entries.size, unknown: listKinds(unknown), malformed: listKinds(malformed) },
    }),
  };
}

function countKind(kinds: Map<string, CountedKind>, name: string, first: Evidence): void {
  const what = kinds.has(name) || kinds.size < MAX_KINDS ? name : OTHER_KINDS;
  const earlier = kinds.get(what) ?? { what, records: 0, first };
  kinds.set(what, { ...earlier, records: earlier.records + 1 });
}

/** Most frequent first. */
function listKinds(kinds: ReadonlyMap<string, CountedKind>): readonly CountedKind[] {
  return [...kinds.values()].toSorted((left, right) => right.records - left.records || compare(left.what, right.what));
}

function compareEntries(left: Entry, right: Entry): number {
  return compare(left.access.at, right.access.at) || compare(left.access.id, right.access.id);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
