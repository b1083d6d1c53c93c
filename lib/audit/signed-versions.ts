import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { readPlans } from '../domain/enforcement/registry/read-plans';
import type { Registry } from '../domain/enforcement/registry/registry';
import { INPUT_LABELS } from './input-names';
import { readJsonLines } from './json-lines';
import { RECORD_FILES } from './record-folder';

/** In a party's own pack: the versions that it is a party to, as they are on record, with what was signed of each. */
export const SIGNED = 'signed.jsonl';

interface KeptRecord {
  readonly pk: string;
  readonly sk: string;
  readonly record?: {
    readonly version?: number;
    readonly plan?: { readonly parties?: readonly { readonly id: string }[] };
  };
}

/**
 * What of the whole room's record a party needs to check whose word is whose: all versions up to the last that names it, since
 * the keys that sign one hang on the one before. What was done under them is not in it.
 * @param whole the folder of the whole room's pack
 */
export function writeSigned(whole: string, folder: string, agreement: string, party: string): void {
  const path = join(whole, INPUT_LABELS.record, RECORD_FILES.registry);
  if (!existsSync(path)) return;
  const lines: KeptRecord[] = [];
  let last = 0;
  for (const each of readJsonLines<KeptRecord>(path)) {
    const { pk, sk, record } = each;
    if (pk !== `agreement#${agreement}` || !/^(version|signature)#/.test(sk)) continue;
    lines.push(each);
    const { version = 0, plan } = record ?? {};
    if (plan?.parties?.some(({ id }) => id === party) === true) last = Math.max(last, version);
  }
  const own = lines.filter(({ record }) => (record?.version ?? 0) <= last);
  if (own.length > 0) writeFileSync(join(folder, SIGNED), own.map((each) => `${JSON.stringify(each)}\n`).join(''));
}

/** Ids of the agreements that such a file tells of. */
export function listSignedAgreements(path: string): readonly string[] {
  const partitions = new Set<string>();
  for (const { pk } of readJsonLines<KeptRecord>(path)) partitions.add(pk);
  return [...partitions].map((pk) => pk.replace(/^agreement#/, ''));
}

export interface SignedVersions {
  readonly versions: Awaited<ReturnType<typeof readPlans>>;
  readonly signatures: Awaited<ReturnType<ReturnType<Registry['signatures']>['list']>>;
}
