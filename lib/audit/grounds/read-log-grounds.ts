import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDigestKey, parseLogKey } from '../../domain/audit/integrity/trail-key';
import type { LogGrounds } from '../../domain/audit/report/judge-header';
import { parseJson } from '../../domain/parse-json';
import { readInputLines } from './input-list';
import { INPUT_LABELS, splitInputName } from './input-names';
import { inventorySchema, readTrails } from './inventory';
import { RECORD_FILES } from './record-folder';

/** What a pack holds of the logs it was made of: the list of its files, and the inventory on record. */
export function readLogGrounds(pack: string): Pick<LogGrounds, 'delivered' | 'digests' | 'digested' | 'expected'> {
  // What cannot be read of the list is told where it is compared.
  const names = readInputLines(pack).map(({ file }) => splitInputName(file));
  const inventory = inventorySchema.safeParse(readJson(join(pack, INPUT_LABELS.record, RECORD_FILES.inventory))).data;
  const digests = names.filter(({ label }) => label === INPUT_LABELS.digests);
  return {
    delivered: names.flatMap(({ file }) => parseLogKey(file) ?? []),
    digests: digests.length,
    digested: digests.flatMap(({ file }) => parseDigestKey(file) ?? []),
    ...(inventory === undefined ? {} : { expected: readTrails(inventory) }),
  };
}

function readJson(path: string): unknown {
  return existsSync(path) ? parseJson(readFileSync(path, 'utf8')) : undefined;
}
