import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { ReportedPeriod } from '../domain/audit/attribution/find-lateness';
import { parseJson } from '../domain/parse-json';
import { INPUTS } from './input-list';

const period = z.object({ from: z.iso.datetime(), to: z.iso.datetime() });
const reportSchema = z.object({
  header: z.object({
    period,
    after: z.array(period).default([]),
    inputs: z.object({ sha256: z.string() }),
    ledger: z.exactOptional(z.object({ size: z.number() })),
  }),
});

/** What a report says of the time that it is about, and where the list of what it was made of lies. */
interface EarlierReport {
  readonly period: ReportedPeriod;
  readonly after: readonly ReportedPeriod[];
  /** A path. */
  readonly inputs: string;
  /** Of the ledger then. */
  readonly entries: number;
}

/** @returns in words, what is wrong with it, where it is no report, or its list is another */
export async function readEarlierReport(pack: string): Promise<EarlierReport | string> {
  const [path, inputs] = [join(pack, 'report.json'), join(pack, INPUTS)];
  const report = reportSchema.safeParse(existsSync(path) ? parseJson(readFileSync(path, 'utf8')) : undefined).data;
  if (report === undefined) return 'it has no report.json that tells a period';
  if (!existsSync(inputs)) return `it has no ${INPUTS}`;
  const { header } = report;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(inputs)) hash.update(chunk);
  if (hash.digest('hex') !== header.inputs.sha256) return `its ${INPUTS} is not the one that its report was made of`;
  return { period: header.period, after: header.after, inputs, entries: header.ledger?.size ?? 0 };
}
