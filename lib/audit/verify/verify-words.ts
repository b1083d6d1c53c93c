import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Plan } from '../../domain/agreement/plan/plan';
import { checkSignature, SIGNATURE_ALGORITHMS } from '../../domain/agreement/signature';
import { findSigningRules } from '../../domain/agreement/signing-rules';
import { listDestruction } from '../../domain/audit/report/list-destruction';
import { readAuditRecords } from '../../domain/audit/report/read-audit-records';
import { writePartyStatement } from '../../domain/enforcement/words/party-statement';
import { readPlans } from '../../domain/registry/read-plans';
import { RecordUnreadable } from '../../domain/registry/record-unreadable';
import { openRegistry, type Registry } from '../../domain/registry/registry';
import { verifySignature } from '../../registry/verify-signature';
import { formatPlural } from '../../report/format';
import { INPUT_LABELS } from '../grounds/input-names';
import { openLineStore, UnusableRecord } from '../grounds/read-record-lines';
import { RECORD_FILES } from '../grounds/record-folder';
import { listSignedAgreements, SIGNED, type SignedVersions } from '../grounds/signed-versions';
import { sha256 } from '../node-crypto';
import { readRows } from '../pack/read-rows';
import { judgeBySigned, UNKNOWN } from './judge-by-signed';
import type { PackFinding, PackVerdict } from './verify-pack';
import { verifyTold } from './verify-told';

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

const SINCE =
  'said under a version that came after the last of this party, and signed with another key than was held by then';

/**
 * Verifies what a pack tells that parties have said: that something is destroyed, that a person is erased, what arrived. With the
 * record in the pack every word is verified again with the key that its party held, and what is told of it has to be what follows;
 * without, as in a party's own pack, each with the key that its party held by the versions in it, `signed.jsonl`.
 * @param produced as of when the pack tells it: UTC, ISO 8601
 */
export async function verifyWords(folder: string, produced: string): Promise<PackVerdict> {
  const findings: PackFinding[] = [];
  const record = join(folder, INPUT_LABELS.record, RECORD_FILES.registry);
  const told = await openTold(record, produced, findings);
  const signed = told === undefined ? await openSigned(folder, findings) : undefined;
  const seen = new Set<string>();
  let [words, unknown] = [0, 0];
  for await (const [duty, at] of readRows(folder, DUTIES, dutySchema)) {
    const file = `${DUTIES}:${at}`;
    const problem =
      duty === undefined ? 'it is no duty to destroy' : judgeDuty(duty, told, signed?.get(duty.agreement.id));
    if (problem !== undefined && problem !== UNKNOWN) findings.push({ file, problem });
    if (problem === UNKNOWN) unknown += 1;
    else if (duty?.attestation !== undefined) words += 1;
    if (duty !== undefined) seen.add(nameDuty(duty));
  }
  for (const [name, { leg, party }] of told?.duties ?? [])
    if (!seen.has(name)) findings.push({ file: DUTIES, problem: `what ${party} has to destroy of ${leg} is not told` });
  const receipts = await verifyReceipts(folder, told, findings);
  const by =
    told !== undefined
      ? 'with the keys that their parties held by the record'
      : signed !== undefined
        ? 'with the keys that their parties held by the versions that they signed'
        : 'with the keys that stand beside them: what the parties signed is not in this pack';
  const compared = told === undefined ? '' : `, and ${receipts} of what arrived`;
  const versions = [...(signed ?? [])].flatMap(([id, { versions: plans }]) =>
    plans.map(({ agreement: { version, content } }) => `version ${version} of ${id} is the one of hash ${content}`),
  );
  // With the record these are drawn again with all else that is told of conduct.
  const onBreaches = told === undefined ? await verifyTold(folder, signed) : undefined;
  findings.push(...(onBreaches?.findings ?? []));
  const breaches = onBreaches === undefined || onBreaches.words === 0 ? '' : `, and ${onBreaches.words} on breaches`;
  const left = unknown + (onBreaches?.unknown ?? 0);
  return {
    checked: [
      ...versions,
      `${words} signed words of destroyed and erased data were verified${compared}${breaches}, ${by}`,
    ],
    ...(left === 0 ? {} : { unchecked: [`whose ${formatPlural(left, 'signed word')} are: ${SINCE}`] }),
    findings,
  };
}

/** Holds what is told to have arrived against the record. @returns of how many releases something is told */
async function verifyReceipts(folder: string, told: Told | undefined, findings: PackFinding[]): Promise<number> {
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
  return receipts;
}

/** What the record says, each word verified again. */
interface Told {
  readonly duties: ReadonlyMap<string, Pick<Duty, 'state' | 'leg' | 'party'> & { readonly attestation?: unknown }>;
  readonly received: ReadonlyMap<string, string>;
}

/** By agreement. */
type Signed = ReadonlyMap<string, SignedVersions>;

/** What a party's own pack has of the versions that it is a party to, each signed as it has to be. */
async function openSigned(folder: string, findings: PackFinding[]): Promise<Signed | undefined> {
  const path = join(folder, SIGNED);
  if (!existsSync(path)) return undefined;
  try {
    const registry = openRegistry(await openLineStore(path));
    const found = new Map<string, SignedVersions>();
    for (const id of listSignedAgreements(path)) {
      findings.push(...(await verifyVersions(registry, id)).map((problem) => ({ file: SIGNED, problem })));
      found.set(id, { versions: await readPlans(registry, id), signatures: await registry.signatures(id).list() });
    }
    return found;
  } catch (error) {
    if (!(error instanceof UnusableRecord || error instanceof RecordUnreadable)) throw error;
    findings.push({ file: SIGNED, problem: 'it is not what a report keeps of what parties signed' });
    return undefined;
  }
}

async function openTold(path: string, produced: string, findings: PackFinding[]): Promise<Told | undefined> {
  if (!existsSync(path)) return undefined;
  const file = `${INPUT_LABELS.record}/${RECORD_FILES.registry}`;
  try {
    const registry = openRegistry(await openLineStore(path));
    for (const id of await registry.listAgreements())
      findings.push(...(await verifyVersions(registry, id)).map((problem) => ({ file, problem })));
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
async function verifyVersions(registry: Registry, id: string): Promise<readonly string[]> {
  const problems: string[] = [];
  const [plans, signatures] = [await readPlans(registry, id), await registry.signatures(id).list()];
  for (const signature of signatures) {
    const { version, party } = signature;
    const plan: Plan | undefined = plans.find((each) => each.agreement.version === version);
    if (plan === undefined) continue;
    const { signers, keyOf } = findSigningRules(plan, plans, signatures);
    const fault = checkSignature(plan, signature, verifySignature, { signers, key: keyOf(party) });
    if (fault !== undefined) problems.push(`version ${version} of ${id} is not signed by ${party}: ${fault}`);
  }
  return problems;
}

/** What is wrong with what is told of a duty. */
function judgeDuty(duty: Duty, told: Told | undefined, signed: SignedVersions | undefined): string | undefined {
  const { party, state, attestation: shown } = duty;
  if (state === 'given' && shown === undefined) return `it is told as done, and no signed word of ${party} is there`;
  if (told === undefined) return shown === undefined ? undefined : judgeAlone(duty, shown, signed);
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

/**
 * Whether the party signed what is told: with the key that it held by what is signed; where a pack has nothing of that, with the
 * key that stands beside it.
 */
function judgeAlone(
  { agreement: { id }, leg, party, erasure, state }: Duty,
  { sha256: hash, releases, ...signature }: z.output<typeof attestation>,
  signed: SignedVersions | undefined,
): string | undefined {
  const { version, content, by, fault: told } = signature;
  if (told !== undefined || state === 'unproven') return undefined;
  const named = releases === undefined ? {} : { releases };
  const said =
    erasure === undefined
      ? ({ purpose: 'attest-destruction', leg, by, sha256: hash ?? '', ...named } as const)
      : ({ purpose: 'confirm-erasure', leg, erasure, releases: releases ?? [] } as const);
  const message = writePartyStatement({ agreement: id, version, content, party }, said, sha256);
  if (signed === undefined)
    return verifySignature(message, signature)
      ? undefined
      : `it is told as the word of ${party}, and is not signed with the key beside it`;
  const fault = judgeBySigned(signed, party, message, signature);
  return fault === undefined || fault === UNKNOWN
    ? fault
    : `it is told as the word of ${party}, and by what is signed it is not: ${fault}`;
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
