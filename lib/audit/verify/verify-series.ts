import { compareEnds, listUnreported, openReported } from '../../domain/audit/attribution/find-lateness';
import type { EntryRange } from '../../domain/audit/ledger/told-entries';
import { formatPlural } from '../../report/format';
import type { EnteredLedger } from '../ledger/entered-ledger';
import { type PackHeader, readPackHeader } from '../pack/pack-header';
import { EDGE_MS, listTold } from '../pack/pack-rows';
import { LEDGER } from '../pack/sign-pack';
import type { PackFinding } from './verify-pack';

/** A pack of the time before. */
interface EarlierPack {
  readonly told: ReadonlySet<string>;
  readonly header: PackHeader;
}

/** What an access is that is of before the period, and in no table. */
interface Whereabouts {
  /** Whether it had to be told. */
  readonly isMissing: boolean;
  readonly what: string;
}

const left = (what: string): Whereabouts => ({ isMissing: false, what });
const missing = (what: string): Whereabouts => ({ isMissing: true, what });

const MEANWHILE = left('of the time before, entered after it had read the ledger');
const ELSEWHERE = left('of the time before, and in no pack that is named: other reports may tell them');
const BETWEEN = left('of a time between the reports that are named');
const UNNAMED = left('of before its period: it names no report that tells them');
const UNTOLD = missing('it is of the time before, and in no table');
const NOT_FOLLOWED = missing(
  'it is of the time before, and in no table: this report does not say that it follows the one of then',
);
const UNREPORTED = missing('it is of the time before, and in no table: no report is of then');

/**
 * What is entered of the time before its period, as far as this report had read the ledger, is in its tables or in those of a
 * report that it follows, and no time lies between these. Where not all of them are at hand, how much it is.
 * @param told by this report
 * @param earlier folders of packs of the time before
 * @returns what was left
 */
export async function findUntoldBefore(
  { places, read }: EnteredLedger,
  told: ReadonlySet<string>,
  header: PackHeader,
  earlier: readonly string[],
  findings: PackFinding[],
): Promise<readonly string[]> {
  const packs = (await Promise.all(earlier.map(readEarlier))).flat();
  const locate = openLocating(header, packs);
  const counts = new Map<Whereabouts, number>();
  for (const [id, { entry, at = '', isCovered }] of places) {
    if (!isCovered || told.has(id) || packs.some((pack) => pack.told.has(id))) continue;
    const where = locate(Date.parse(at), entry, () => read(entry)?.witness !== 'cloudtrail');
    if (where?.isMissing) findings.push({ file: `${LEDGER}: entry ${entry}`, problem: where.what });
    else if (where !== undefined) counts.set(where, (counts.get(where) ?? 0) + 1);
  }
  const absent = earlier.length === 0 ? [] : listAbsent(header, packs);
  return [
    ...absent.map(({ from, to }) => `the report from ${from} to ${to}, which it follows: no pack of it is named`),
    ...(header.after.length === 0 ? [] : listUnreported([...listNamed(header, packs), header.period])).map(
      ({ from, to }) => `the time from ${from} to ${to}: no report that is named is of then`,
    ),
    ...[...counts].map(([{ what }, count]) => `${formatPlural(count, 'access')} ${what}`),
  ];
}

/** @returns what a time is and an entry; undefined where it is not of before the period */
function openLocating(
  header: PackHeader,
  packs: readonly EarlierPack[],
): (time: number, entry: number, isBeside: () => boolean) => Whereabouts | undefined {
  const { after } = header;
  const isAll = listAbsent(header, packs).length === 0;
  const named = listNamed(header, packs);
  const [isNamed, isFollowed] = [openReported(named), openReported(after)];
  const [begin = 0, first = Number.POSITIVE_INFINITY] = [
    Date.parse(header.period.from),
    Math.min(...named.map(({ from }) => Date.parse(from))),
  ];
  const ends = [...named, header.period].flatMap(({ from, to }) => [Date.parse(from), Date.parse(to)]);
  const isNear = (time: number) => ends.some((end) => Math.abs(time - end) <= EDGE_MS);
  // Where anything older is entered while a report is made, that is made again.
  const isMeanwhile = (time: number, entry: number) =>
    time >= Date.parse(header.watermark) && isIn(entry, header.ledger?.meanwhile);
  return (time, entry, isBeside) => {
    if (!(time < begin)) return undefined;
    if (time < first) return UNNAMED;
    if (isMeanwhile(time, entry)) return MEANWHILE;
    // What another witness saw is told with the trail's record of it, beyond a period's end perhaps.
    if (!isAll || (isNear(time) && isBeside())) return isNamed(time) ? ELSEWHERE : BETWEEN;
    if (isNamed(time)) return isFollowed(time) ? UNTOLD : NOT_FOLLOWED;
    return after.length === 0 ? BETWEEN : UNREPORTED;
  };
}

/** Reports that it follows, by its own word, and of which no pack is at hand. */
function listAbsent({ after }: PackHeader, packs: readonly EarlierPack[]): PackHeader['after'] {
  return after.filter((period) => !packs.some(({ header }) => isSame(header.period, period)));
}

/** Periods of which there is a report: by its own word, or since it is at hand. */
function listNamed({ after }: PackHeader, packs: readonly EarlierPack[]): PackHeader['after'] {
  return [...after, ...packs.map(({ header }) => header.period)];
}

/** Whether an entry is one of those that were entered while a report was made. */
export function isIn(entry: number, meanwhile: readonly EntryRange[] = []): boolean {
  return meanwhile.some(({ from, to }) => entry >= from && entry < to);
}

function isSame(left: PackHeader['period'], right: PackHeader['period']): boolean {
  return compareEnds(left, right) === 0;
}

/** None where it is no pack of a report. */
async function readEarlier(folder: string): Promise<readonly EarlierPack[]> {
  const header = readPackHeader(folder);
  return header === undefined ? [] : [{ told: await listTold(folder), header }];
}
