import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../../domain/agreement/plan/plan';
import type { readPlans } from '../../domain/registry/read-plans';
import type { Registry } from '../../domain/registry/registry';
import { readJsonLines } from '../spool/json-lines';
import { INPUT_LABELS } from './input-names';
import { RECORD_FILES } from './record-folder';

/** In a party's own pack: who signs each version that it is a party to, with which key, and what was signed. */
export const SIGNED = 'signed.jsonl';

interface KeptRecord {
  readonly pk: string;
  readonly sk: string;
  readonly revision: number;
  readonly record?: { readonly version?: number; readonly plan?: KeptPlan };
}

type KeptPlan = Pick<Plan, 'planVersion' | 'agreement' | 'parties' | 'term'>;

/**
 * What of the whole room's record a party needs to check whose word is whose: all versions up to the last that names it, since
 * the keys that sign one hang on the one before. Of each there is who signs it and with which key, and nothing of what others
 * swap.
 * @param whole the folder of the whole room's pack
 */
export function writeSigned(whole: string, folder: string, agreement: string, party: string): void {
  const path = join(whole, INPUT_LABELS.record, RECORD_FILES.registry);
  if (!existsSync(path)) return;
  const lines: { readonly version: number; readonly line: string }[] = [];
  let last = 0;
  for (const each of readJsonLines<KeptRecord>(path)) {
    const { pk, sk, record } = each;
    if (pk !== `agreement#${agreement}` || !/^(version|signature)#/.test(sk)) continue;
    const { version = 0, plan } = record ?? {};
    const told = plan === undefined ? each : { ...each, record: { ...record, plan: narrowPlan(plan) } };
    lines.push({ version, line: `${JSON.stringify(told)}\n` });
    if (plan?.parties.some(({ id }) => id === party) === true) last = Math.max(last, version);
  }
  const own = lines.flatMap(({ version, line }) => (version <= last ? [line] : []));
  if (own.length > 0) writeFileSync(join(folder, SIGNED), own.join(''));
}

function narrowPlan({ planVersion, agreement, parties, term }: KeptPlan): object {
  const signers = parties.map(({ id, signingKey }) => ({ id, ...(signingKey === undefined ? {} : { signingKey }) }));
  return { planVersion, agreement, parties: signers, term };
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
