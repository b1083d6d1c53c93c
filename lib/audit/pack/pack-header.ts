import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { parseJson } from '../../domain/parse-json';

const periodSchema = z.object({ from: z.string(), to: z.string() });

const headerSchema = z.object({
  header: z.object({
    period: periodSchema,
    after: z.array(periodSchema).default([]),
    produced: z.string(),
    watermark: z.string(),
    recipient: z.unknown().optional(),
    ledger: z
      .object({ size: z.number(), meanwhile: z.array(z.object({ from: z.number(), to: z.number() })).default([]) })
      .optional(),
  }),
});

/** What a report says of the time that it tells of, and of the ledger then. */
export type PackHeader = z.output<typeof headerSchema>['header'];

/** Undefined where nothing says it: that is told with what follows from the report. */
export function readPackHeader(folder: string): PackHeader | undefined {
  const path = join(folder, 'report.json');
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return headerSchema.safeParse(parseJson(text)).data?.header;
}
