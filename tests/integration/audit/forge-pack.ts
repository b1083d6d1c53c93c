import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { signPack } from '../../../lib/audit/pack/sign-pack';
import { verifyPack } from '../../../lib/audit/verify/verify-pack';
import type { Sighting } from '../../unit/audit/scenario';
import { put, TOOLS } from './audit-trial';
import type { Pack } from './room-pack';

/* What a signer changes in a pack, and what is found then. */

/** A row of accesses, as far as it is told otherwise. */
export type Row = Record<string, unknown> & { readonly explained: Record<string, unknown> };

/** What a signer changes before it signs again. @returns findings of what is told of accesses, by the place */
export async function forge(pack: Pack, file: string, change: (lines: string[]) => string[], about = /record/) {
  const { folder, signer } = pack;
  const path = join(folder, file);
  const before = readFileSync(path);
  put(folder, file, `${change(before.toString('utf8').trimEnd().split('\n')).join('\n')}\n`);
  await signPack(folder, signer, { produced: '2026-04-01T00:00:00Z', toolVersion: TOOLS.toolVersion });
  const { findings } = await verifyPack(folder, signer.key, TOOLS);
  put(folder, file, before);
  return findings.flatMap(({ file: at, problem }) => (about.test(problem) ? [`${at}: ${problem}`] : []));
}

/** Each row that was explained so, told otherwise. */
export const tell = (which: (row: Row) => boolean, change: (row: Row) => object) => (lines: string[]) =>
  lines.map((line) => {
    const row: Row = JSON.parse(line);
    return which(row) ? JSON.stringify({ ...row, ...change(row) }) : line;
  });

/** The same record, at another time. */
export function moveTo(sighting: Sighting, at: string): Sighting {
  const { source } = sighting;
  if (source.log === 'cloudwatch')
    return { ...sighting, source: { log: 'cloudwatch', event: { ...source.event, ...{ timestamp: Date.parse(at) } } } };
  if (source.log !== 'cloudtrail') throw new Error('Of CloudTrail and CloudWatch alone.');
  return { ...sighting, source: { log: 'cloudtrail', record: { ...source.record, ...{ eventTime: at } } } };
}

/** A read of an object, as the trail tells it. */
export function isRead({ source }: Sighting): boolean {
  return source.log === 'cloudtrail' && 'eventName' in source.record && source.record.eventName === 'GetObject';
}
