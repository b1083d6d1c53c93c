import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { ReportedPeriod } from '../../domain/audit/attribution/find-lateness';
import type { ToldEntries } from '../../domain/audit/ledger/told-entries';
import { parseJson } from '../../domain/parse-json';
import { INPUTS } from './input-list';

const period = z.object({ from: z.iso.datetime(), to: z.iso.datetime() });
const reportSchema = z.object({
  header: z.object({
    period,
    after: z.array(period).default([]),
    inputs: z.object({ sha256: z.string() }),
    ledger: z.exactOptional(
      z.object({ size: z.number(), meanwhile: z.array(z.object({ from: z.number(), to: z.number() })).default([]) }),
    ),
  }),
});

/** What a report says of the time that it is about, and where the list of what it was made of lies. */
interface EarlierReport {
  readonly period: ReportedPeriod;
  readonly after: readonly ReportedPeriod[];
  /** A path. */
  readonly inputs: string;
  /** Of the ledger then. */
  readonly told: ToldEntries;
}

/** Undefined for what is no report that tells a period. @param text of a `report.json` */
export function parseEarlierReport(
  text: string,
): (Omit<EarlierReport, 'inputs'> & { readonly sha256: string }) | undefined {
  const report = reportSchema.safeParse(parseJson(text)).data;
  if (report === undefined) return undefined;
  const { period: own, after, ledger = { size: 0, meanwhile: [] }, inputs } = report.header;
  const told = { periods: [own, ...after], entries: ledger.size, meanwhile: ledger.meanwhile };
  return { period: own, after, told, sha256: inputs.sha256 };
}

/** @returns in words, what is wrong with it, where it is no report, or its list is another */
export async function readEarlierReport(pack: string): Promise<EarlierReport | string> {
  const [path, inputs] = [join(pack, 'report.json'), join(pack, INPUTS)];
  const report = existsSync(path) ? parseEarlierReport(readFileSync(path, 'utf8')) : undefined;
  if (report === undefined) return 'it has no report.json that tells a period';
  if (!existsSync(inputs)) return `it has no ${INPUTS}`;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(inputs)) hash.update(chunk);
  const { sha256, ...told } = report;
  if (hash.digest('hex') !== sha256) return `its ${INPUTS} is not the one that its report was made of`;
  return { ...told, inputs };
}
