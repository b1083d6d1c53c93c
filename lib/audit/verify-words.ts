import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Plan } from '../domain/agreement/plan';
import { checkSignature, SIGNATURE_ALGORITHMS } from '../domain/agreement/signature';
import { findSigningRules } from '../domain/agreement/signing-rules';
import { listDestruction } from '../domain/audit/report/list-destruction';
import { readAuditRecords } from '../domain/audit/report/read-audit-records';
import { writePartyStatement } from '../domain/enforcement/party-statement';
import { readPlans } from '../domain/enforcement/registry/read-plans';
import { RecordUnreadable } from '../domain/enforcement/registry/record-unreadable';
import { openRegistry, type Registry } from '../domain/enforcement/registry/registry';
import { verifySignature } from '../registry/verify-signature';
import { INPUT_LABELS } from './input-names';
import { sha256 } from './node-crypto';
import { openLineStore, UnusableRecord } from './read-record-lines';
import { readRows } from './read-rows';
import { RECORD_FILES } from './record-folder';
import type { PackFinding, PackVerdict } from './verify-pack';

const [DUTIES, RELEASES] = ['destruction.jsonl', 'releases.jsonl'];

const agreement = z.object({ id: z.string(), version: z.int() });
const attestation = z.looseObject({
  at: z.string(),
  by: z.string(),
  sha256: z.string().optional(),
  releases: z.array(z.string()).optional(),
  version: z.int(),
  content: z.string(),
  algorithm: z.enum(SIGNATURE_ALGORITHMS),
  publicKey: z.string(),
  signature: z.string(),
  fault: z.string().optional(),
});
const dutySchema = z.object({
  agreement,
  leg: z.string(),
  party: z.string(),
  erasure: z.string().optional(),
  round: z.string().optional(),
  state: z.string(),
  attestation: attestation.optional(),
});
const releaseSchema = z.object({ agreement, leg: z.string(), round: z.string().optional(), received: z.string() });

type Duty = z.output<typeof dutySchema>;

/**
 * Verifies what a pack tells that parties have said: that something is destroyed, that a person is erased, what arrived. With the
 * record in the pack every word is verified again with the key that its party held, and what is told of it has to be what follows;
 * without, as in a party's own pack, each signature with the key that is told beside it.
 * @param produced as of when the pack tells it: UTC, ISO 8601
 */
export async function verifyWords(folder: string, produced: string): Promise<PackVerdict> {
  const findings: PackFinding[] = [];
  const record = join(folder, INPUT_LABELS.record, RECORD_FILES.registry);
  const told = await openTold(record, produced, findings);
  const seen = new Set<string>();
  let words = 0;
  for await (const [duty, at] of readRows(folder, DUTIES, dutySchema)) {
    const file = `${DUTIES}:${at}`;
    const problem = duty === undefined ? 'it is no duty to destroy' : judgeDuty(duty, told);
    if (problem !== undefined) findings.push({ file, problem });
    if (duty?.attestation !== undefined) words += 1;
    if (duty !== undefined) seen.add(nameDuty(duty));
  }
  for (const [name, { leg, party }] of told?.duties ?? [])
    if (!seen.has(name)) findings.push({ file: DUTIES, problem: `what ${party} has to destroy of ${leg} is not told` });
  let receipts = 0;
  for await (const [release, at] of readRows(folder, RELEASES, releaseSchema)) {
    const file = `${RELEASES}:${at}`;
    if (release === undefined) findings.push({ file, problem: 'it is no release' });
    else if (release.received !== 'not-compared') receipts += 1;
    if (release === undefined || told === undefined) continue;
    const known = told.received.get(nameRelease(release)) ?? 'not-compared';
    if (known !== release.received)
      findings.push({
        file,
        problem: `what arrived is told as ${release.received}, and by what is signed it is ${known}`,
      });
  }
  const by =
    told === undefined
      ? 'with the keys that stand beside them: the record with the parties’ own is not in this pack'
      : 'with the keys that their parties held by the record';
  const compared = told === undefined ? '' : `, and ${receipts} of what arrived`;
  return { checked: [`${words} signed words of destroyed and erased data were verified${compared}, ${by}`], findings };
}

/** What the record says, each word verified again. */
interface Told {
  readonly duties: ReadonlyMap<string, Pick<Duty, 'state' | 'leg' | 'party'> & { readonly attestation?: unknown }>;
  readonly received: ReadonlyMap<string, string>;
}

async function openTold(path: string, produced: string, findings: PackFinding[]): Promise<Told | undefined> {
  if (!existsSync(path)) return undefined;
  const file = `${INPUT_LABELS.record}/${RECORD_FILES.registry}`;
  try {
    const registry = openRegistry(await openLineStore(path));
    findings.push(...(await verifyVersions(registry)).map((problem) => ({ file, problem })));
    const reading = { sha256, verify: verifySignature, now: produced, readCertificate: async () => undefined };
    const { agreements, conduct } = await readAuditRecords(registry, reading);
    const inForce = agreements.flatMap(({ versions }) =>
      versions.map((version) => ({ ...version, places: [], sftpUsers: {}, doors: [] })),
    );
    const duties = [...listDestruction(inForce, conduct, produced), ...conduct.retention, ...conduct.erasures];
    return {
      duties: new Map(duties.map((duty) => [nameDuty(duty), duty])),
      received: new Map(conduct.releases.map((release) => [nameRelease(release), release.received])),
    };
  } catch (error) {
    if (!(error instanceof UnusableRecord || error instanceof RecordUnreadable)) throw error;
    findings.push({ file, problem: 'it is not what a report keeps of a record' });
    return undefined;
  }
}

/** Whose key a party held hangs on what it signed: the agreement itself. */
async function verifyVersions(registry: Registry): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const id of await registry.listAgreements()) {
    const [plans, signatures] = [await readPlans(registry, id), await registry.signatures(id).list()];
    for (const signature of signatures) {
      const { version, party } = signature;
      const plan: Plan | undefined = plans.find((each) => each.agreement.version === version);
      if (plan === undefined) continue;
      const { signers, keyOf } = findSigningRules(plan, plans, signatures);
      const fault = checkSignature(plan, signature, verifySignature, { signers, key: keyOf(party) });
      if (fault !== undefined) problems.push(`version ${version} of ${id} is not signed by ${party}: ${fault}`);
    }
  }
  return problems;
}

/** What is wrong with what is told of a duty. */
function judgeDuty(duty: Duty, told: Told | undefined): string | undefined {
  const { party, state, attestation: shown } = duty;
  if (state === 'given' && shown === undefined) return `it is told as done, and no signed word of ${party} is there`;
  if (told === undefined) return shown === undefined ? undefined : judgeAlone(duty, shown);
  const known = told.duties.get(nameDuty(duty));
  if (known === undefined) return shown === undefined ? undefined : `nothing on record is said by ${party} of it`;
  if (signedBy(known.state) !== signedBy(state))
    return `it is told as ${state}, and by what is signed it is ${known.state}`;
  const same = JSON.stringify(pickSigned(shown)) === JSON.stringify(pickSigned(known.attestation));
  return same ? undefined : `it is not what ${party} has said on record`;
}

/** What is not signed for may have fallen due between two looks at one report's clock. */
function signedBy(state: string): string {
  return state === 'given' || state === 'unproven' ? state : 'nobody';
}

/** Whether the signature is that of the key that stands beside it, over what is told. */
function judgeAlone(
  { agreement: { id }, leg, party, erasure, state }: Duty,
  { sha256: hash, releases, ...signed }: z.output<typeof attestation>,
): string | undefined {
  const { version, content, by, fault } = signed;
  const about = { agreement: id, version, content, party };
  const named = releases === undefined ? {} : { releases };
  const said =
    erasure === undefined
      ? ({ purpose: 'attest-destruction', leg, by, sha256: hash ?? '', ...named } as const)
      : ({ purpose: 'confirm-erasure', leg, erasure, releases: releases ?? [] } as const);
  const isGenuine = verifySignature(writePartyStatement(about, said, sha256), signed);
  if (isGenuine || fault !== undefined || state === 'unproven') return undefined;
  return `it is told as the word of ${party}, and is not signed with the key beside it`;
}

function pickSigned(shown: unknown): unknown {
  const { data } = attestation.safeParse(shown);
  if (data === undefined) return undefined;
  const { at, by, sha256: hash, releases, version, content, algorithm, publicKey, signature, fault } = data;
  return [at, by, hash, releases, version, content, algorithm, publicKey, signature, fault];
}

function nameDuty({ agreement: { id }, leg, party, erasure, round }: Omit<Duty, 'state' | 'attestation'>): string {
  return JSON.stringify([id, leg, party, erasure, round]);
}

function nameRelease({
  agreement: { id },
  leg,
  round,
}: Pick<z.output<typeof releaseSchema>, 'agreement' | 'leg' | 'round'>) {
  return JSON.stringify([id, leg, round]);
}
