import * as z from 'zod';
import type { ReportedPeriod } from '../../domain/audit/attribution/find-lateness';
import { formatPlural } from '../../report/format';
import { ACCESS_TABLE } from '../pack/access-table';
import { type PackHeader, readPackHeader } from '../pack/pack-header';
import { EDGE_MS, isOwn } from '../pack/pack-rows';
import { readRows } from '../pack/read-rows';
import type { PackFinding } from './verify-pack';

const rowSchema = z.object({
  at: z.string(),
  late: z.enum(['whole', 'further']).optional(),
  explained: z.object({ kind: z.string() }),
  evidence: z.array(z.object({ event: z.string(), file: z.string(), record: z.number() })),
});

type Row = z.output<typeof rowSchema>;

const nameEvent = ({ event }: Row['evidence'][number]) => event;
const namePlace = ({ file, record }: Row['evidence'][number]) => `${record} ${file}`;

/**
 * What its records are told apart by. That the room did something itself is told again where it was delivered once more, since
 * in no ledger stands that it was told: of that places are compared.
 */
function nameRecords(row: Row): ReadonlySet<string> {
  return new Set(row.evidence.map(isOwn(row) ? namePlace : nameEvent));
}

/** A row of what came late. */
interface LateRow {
  readonly file: string;
  readonly time: number;
  readonly isWhole: boolean;
  readonly records: ReadonlySet<string>;
  /** Whether an earlier pack tells of it. */
  isKnown: boolean;
}

/** What a pack tells as late, held against the packs of before. */
interface LateRows {
  /** @returns how many are not in that pack, and those of which it has all, or of what is told as new any */
  readonly compare: (earlier: string) => Promise<{ readonly told: number; readonly twice: readonly PackFinding[] }>;
  /** What is told as a further record, and no earlier pack tells of it. @param earlier those that were compared */
  readonly finish: (earlier: readonly string[]) => {
    readonly unchecked: readonly string[];
    readonly findings: readonly PackFinding[];
  };
}

export async function readLate(pack: string): Promise<LateRows> {
  const late: LateRow[] = [];
  const byRecord = new Map<string, LateRow[]>();
  for await (const [row, at] of readRows(pack, ACCESS_TABLE, rowSchema)) {
    if (row?.late === undefined) continue;
    const records = nameRecords(row);
    const [file, time, isWhole] = [`${ACCESS_TABLE}:${at}`, Date.parse(row.at), row.late === 'whole'];
    const entry = { file, time, isWhole, records, isKnown: false };
    late.push(entry);
    for (const name of records) byRecord.set(name, [...(byRecord.get(name) ?? []), entry]);
  }
  return {
    compare: async (earlier) => {
      const told = new Map<LateRow, Set<string>>();
      if (late.length > 0)
        for await (const [row] of readRows(earlier, ACCESS_TABLE, rowSchema))
          for (const name of row?.evidence.flatMap((each) => [nameEvent(each), namePlace(each)]) ?? [])
            for (const entry of byRecord.get(name) ?? []) told.set(entry, (told.get(entry) ?? new Set()).add(name));
      for (const entry of told.keys()) entry.isKnown = true;
      const twice = late.filter((entry) => {
        const known = told.get(entry)?.size ?? 0;
        return known === entry.records.size || (entry.isWhole && known > 0);
      });
      const problem = `it is told as late, and is in ${earlier} already`;
      return { told: late.length - twice.length, twice: twice.map(({ file }) => ({ file, problem })) };
    },
    finish: (earlier) => judgeFurther(late, readPackHeader(pack), earlier),
  };
}

/** Whether all reports that one says it follows are at hand. @param earlier folders of packs */
export function isWholeSeries(after: readonly ReportedPeriod[], earlier: readonly string[]): boolean {
  const periods = earlier.flatMap((folder) => readPackHeader(folder)?.period ?? []);
  return (
    earlier.length > 0 && after.every(({ from, to }) => periods.some((each) => each.from === from && each.to === to))
  );
}

function judgeFurther(late: readonly LateRow[], header: PackHeader | undefined, earlier: readonly string[]) {
  const after = header?.after ?? [];
  const ends = after.flatMap(({ from, to }) => [Date.parse(from), Date.parse(to)]);
  // Beside the end of a period another witness may have told of it, beyond that.
  const isNear = ({ time }: LateRow) => ends.some((end) => Math.abs(time - end) <= EDGE_MS);
  const unknown = late.filter(({ isWhole, isKnown }) => !isWhole && !isKnown);
  // To a party others' accesses are not told: of one that is found to be its own since, it may have no other record.
  const isHeld = isWholeSeries(after, earlier) && header?.recipient === undefined;
  const found = isHeld ? unknown.filter((row) => !isNear(row)) : [];
  const left = unknown.length - found.length;
  return {
    unchecked:
      left === 0 ? [] : [`${formatPlural(left, 'access')} told as a further record: no pack that is named has another`],
    findings: found.map(({ file }) => ({
      file,
      problem: 'it is told as a further record, and no earlier pack has another',
    })),
  };
}
