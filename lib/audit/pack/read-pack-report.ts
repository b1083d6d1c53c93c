import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { AuditReport } from '../../domain/audit/report/audit-report';
import { parseJson } from '../../domain/parse-json';
import { asItIs } from './as-it-is';

export const REPORT = 'report.json';
export const PROCESSING = 'processing-record.json';

const text = z.string();
const instant = text.refine((value) => !Number.isNaN(Date.parse(value)));
const trail = z.looseObject({ trail: text, account: text, region: text });
const counts = z.looseObject({ given: z.number(), believed: z.number() });
const finding = z.looseObject({ kind: text, file: text, field: text, detail: text });
const kinds = z.array(z.looseObject({ what: text, records: z.number() }));
const records = z.looseObject({
  read: z.number(),
  accesses: z.number(),
  duplicates: z.number(),
  conflicts: z.number(),
  entered: z.number().optional(),
  internal: kinds,
  unknown: kinds,
  malformed: kinds,
});
const reportSchema = z.looseObject({
  coverage: z.array(trail.extend({ from: instant, hours: z.int().positive(), state: text })),
  header: z.looseObject({
    produced: instant,
    toolVersion: text,
    period: z.object({ from: instant, to: instant }),
    watermark: instant,
    trails: z.array(trail),
    integrity: z.discriminatedUnion('kind', [
      z.looseObject({ kind: z.literal('not-checked') }),
      z.looseObject({
        kind: z.literal('intact'),
        digests: counts,
        findings: z.array(finding),
        findingsBeyond: z.number(),
      }),
      z.looseObject({
        kind: z.literal('broken'),
        digests: counts,
        findings: z.array(finding),
        findingsBeyond: z.number(),
      }),
    ]),
    partyAccounts: z.array(text),
    room: z.looseObject({ accounts: z.array(text), topology: text }),
    recipient: z.unknown().optional(),
    records,
    ledger: z.looseObject({ verified: z.unknown() }).optional(),
  }),
  accesses: z.looseObject({ pending: z.number() }),
});
const processingSchema = z.looseObject({
  activities: z.array(z.unknown()),
  onBehalf: z.array(z.unknown()),
  destruction: z.array(z.unknown()),
});

/** The report as it was when page and tables were written of it; undefined where it, or what lies with it, is none. */
export function readPackReport(folder: string): AuditReport | undefined {
  const report = asItIs<object>(reportSchema).safeParse(readJson(join(folder, REPORT))).data;
  const processing = processingSchema.safeParse(readJson(join(folder, PROCESSING))).data;
  if (report === undefined || processing === undefined) return undefined;
  const whole: unknown = {
    ...report,
    processing: processing.activities,
    operation: processing.onBehalf,
    destruction: processing.destruction,
  };
  return whole as AuditReport;
}

function readJson(path: string): unknown {
  return existsSync(path) ? parseJson(readFileSync(path, 'utf8')) : undefined;
}
