import { openReported, type ReportedPeriod } from '../attribution/find-lateness';

/** Entries of a ledger by position: `to` not included. */
export interface EntryRange {
  readonly from: number;
  readonly to: number;
}

/** Which entries of a ledger a report could tell of. */
export interface ToldEntries {
  /** Its own period, and those that it follows. */
  readonly periods: readonly ReportedPeriod[];
  /** How many the ledger had when it was made. */
  readonly entries: number;
  /** Among these, entered by others after it had read the ledger: it does not tell of them. */
  readonly meanwhile: readonly EntryRange[];
}

/** What reports told of a ledger. */
interface KnownEntries {
  /** Whether one of them told of an entry. @param time of the access, in milliseconds */
  readonly isTold: (time: number, entry: number) => boolean;
  /** By hours: below which every entry was told. Of a time of which it is not known what the ledger had, none is missing. */
  readonly listUntold: () => readonly (ReportedPeriod & { readonly beyond: number })[];
}

/** @param reports made before; of what was reported by others, all that is entered was told */
export function openTold(reports: readonly ToldEntries[]): KnownEntries {
  const known = reports.map(({ periods, entries, meanwhile }) => ({
    covers: openReported(periods),
    periods,
    entries,
    meanwhile,
    first: Math.min(entries, ...meanwhile.map(({ from }) => from)),
  }));
  const covering = (time: number) => known.filter(({ covers }) => covers(time));
  return {
    isTold: (time, entry) => {
      const all = covering(time);
      const isIn = ({ entries, meanwhile }: ToldEntries) =>
        entry < entries && !meanwhile.some(({ from, to }) => entry >= from && entry < to);
      return all.length === 0 || all.some(isIn);
    },
    listUntold: () =>
      known.flatMap(({ periods }) =>
        periods.map((period) => {
          const firsts = covering(Date.parse(period.from)).map(({ first }) => first);
          return { ...period, beyond: Math.max(0, ...firsts) };
        }),
      ),
  };
}

/** Positions between two sizes of a ledger that none of the ranges holds. @param own in order */
export function findMeanwhile(from: number, to: number, own: readonly EntryRange[]): readonly EntryRange[] {
  const left: EntryRange[] = [];
  let reached = from;
  for (const range of own) {
    if (range.from > reached) left.push({ from: reached, to: range.from });
    reached = Math.max(reached, range.to);
  }
  if (to > reached) left.push({ from: reached, to });
  return left;
}
