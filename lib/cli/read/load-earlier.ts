import { join } from 'node:path';
import type { EarlierReports } from '../../audit/grounds/mark-reported';
import { readEarlierReport } from '../../audit/grounds/read-earlier';
import { EXCEPTION_TABLE } from '../../audit/pack/exception-table';
import { compareEnds, type ReportedPeriod } from '../../domain/audit/attribution/find-lateness';
import type { ToldEntries } from '../../domain/audit/ledger/told-entries';
import { InvalidInput } from '../describe/exit-code';

interface LoadedEarlier {
  readonly earlier?: EarlierReports;
  /** Where no beginning was asked for: the end of the last. */
  readonly from?: string;
}

/**
 * The packs that an audit follows. All of the series have to be named: else what one of them took in would be told again.
 * @throws InvalidInput
 */
export async function loadEarlier(packs: readonly string[], from: string | undefined): Promise<LoadedEarlier> {
  if (packs.length === 0) return from === undefined ? {} : { from };
  const read: {
    readonly pack: string;
    readonly period: ReportedPeriod;
    readonly after: readonly ReportedPeriod[];
    readonly told: ToldEntries;
  }[] = [];
  const [inputs, exceptions]: [string[], string[]] = [[], []];
  for (const pack of packs) {
    const report = await readEarlierReport(pack);
    if (typeof report === 'string') throw new InvalidInput(`--earlier ${pack}: ${report}. Name the folder of a pack.`);
    read.push({ pack, ...report });
    inputs.push(report.inputs);
    exceptions.push(join(pack, EXCEPTION_TABLE));
  }
  const periods = read.map(({ period }) => period).toSorted(compareEnds);
  const begin = from ?? periods.at(-1)?.to;
  for (const { pack, period, after } of read) {
    if (begin !== undefined && Date.parse(period.to) > Date.parse(begin))
      throw new InvalidInput(`--earlier ${pack}: it tells of the time until ${period.to}, and --from is ${begin}.`);
    const missing = after.find((each) => !periods.some(({ from: start, to }) => start === each.from && to === each.to));
    if (missing !== undefined)
      throw new InvalidInput(
        `--earlier ${pack}: it follows the report of ${missing.from} to ${missing.to}. Name that, too.`,
      );
  }
  const told = read.map((each) => each.told);
  return { earlier: { periods, inputs, exceptions, told }, ...(begin === undefined ? {} : { from: begin }) };
}
