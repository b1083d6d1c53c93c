import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import * as z from 'zod';
import { type Checkpoint, parseCheckpoint } from '../../domain/audit/ledger/checkpoint';
import { type EnteredAccess, findHour, readEntryId } from '../../domain/audit/ledger/ledger-entry';
import { hashLeaf } from '../../domain/audit/ledger/merkle-tree';
import { type NoteKey, verifyNote } from '../../domain/audit/ledger/signed-note';
import { type LedgerFinding, verifyLedger } from '../../domain/audit/ledger/verify-ledger';
import { verifyInclusion } from '../../domain/audit/ledger/verify-proof';
import { encodeText, parseBase64 } from '../../domain/bytes';
import { formatCount } from '../../domain/format';
import { parseJson } from '../../domain/parse-json';
import { errorCode } from '../../error-code';
import { formatPlural } from '../../report/format';
import type { AuditOutputs } from '../audit-run';
import { type EnteredLedger, openEntered } from '../ledger/entered-ledger';
import { PROOFS } from '../ledger/write-proofs';
import { sha256, verifySignature } from '../node-crypto';
import { REPORT, readPackReport } from '../pack/read-pack-report';
import {
  CHECKPOINT,
  CHECKPOINTS,
  formatManifestNote,
  hashPackFile,
  LEDGER,
  listCheckpoints,
  listPackFiles,
  MANIFEST,
  MANIFEST_NOTE,
} from '../pack/sign-pack';
import { compareSigned } from './compare-signed';
import { verifyAttribution } from './verify-attribution';
import { verifyEvidence } from './verify-evidence';
import { verifyJudgements } from './verify-judgements';
import { checkHead, listForeign, openIndexCheck } from './verify-ledger-index';
import { verifyRows } from './verify-rows';
import { verifyWords } from './verify-words';

/** What was checked of a pack, and what is wrong with it, and where. */
export interface PackVerdict {
  readonly checked: readonly string[];
  /** What could not be, and why. */
  readonly unchecked?: readonly string[];
  readonly findings: readonly PackFinding[];
}

export interface PackFinding {
  readonly file: string;
  readonly problem: string;
}

const hash = z.string().regex(/^[0-9a-f]{64}$/);

const manifestSchema = z.object({
  manifestVersion: z.literal(1),
  produced: z.string(),
  toolVersion: z.string(),
  files: z.array(z.object({ file: z.string().min(1), bytes: z.int().nonnegative(), sha256: hash })),
  ledger: z.object({ checkpoints: z.array(z.string()) }).optional(),
});

const proofSchema = z.object({
  access: z.string(),
  index: z.int().nonnegative(),
  entry: z.string(),
  proof: z.array(z.string()),
});

/** Where a pack does not say when it was made, nothing in it has fallen due. */
const EPOCH = '1970-01-01T00:00:00Z';

export interface PackTools {
  /** What packs are written as: a pack is written again, and has to come out the same. */
  readonly outputs: AuditOutputs;
  /** By which version of this tool: pages of others may look otherwise. */
  readonly toolVersion: string;
  /** Where the ledger is, if not in the pack. */
  readonly ledger?: string | undefined;
  /** Packs of the time before. */
  readonly earlier?: readonly string[];
  /** Whether the logs are at hand: what they alone tell is held against them by `verifyRecords`. */
  readonly isLogged?: boolean;
}

/**
 * Verifies a pack offline: who signed it, that every file is the one that was signed and none was added, what parties are said
 * to have signed, that exceptions, sums, verdict and page follow from the accesses in it, the ledger and its proofs, that the
 * tables tell of no access that is not entered, and that each is explained as ledger and record have it.
 */
export async function verifyPack(folder: string, key: NoteKey, tools: PackTools): Promise<PackVerdict> {
  const { ledger } = tools;
  const checked: string[] = [];
  const unchecked: string[] = [];
  const findings: PackFinding[] = [];
  const take = (verdict: PackVerdict) => {
    checked.push(...verdict.checked);
    unchecked.push(...(verdict.unchecked ?? []));
    findings.push(...verdict.findings);
  };
  const { produced, checkpoints } = verifyManifest(folder, key, checked, findings);
  take(await verifyWords(folder, produced ?? EPOCH));
  take(await verifyJudgements(folder, tools));
  const checkpoint = readSigned(folder, CHECKPOINT, key, findings);
  findings.push(...compareSigned(folder, produced, checkpoint));
  if (checkpoint !== undefined) {
    checked.push(`the checkpoint of ${checkpoint.origin} at ${formatEntries(checkpoint.size)} is signed`);
    const proven = verifyProofs(folder, checkpoint, checked, findings);
    const place = ledger ?? join(folder, LEDGER);
    const before = findings.length;
    const entered = existsSync(place)
      ? verifyLedgerFolder(place, ledger === undefined, checkpoint, key, checked, findings)
      : undefined;
    if (entered !== undefined && findings.length === before && readPackReport(folder)?.header.ledger?.verified !== true)
      findings.push({ file: REPORT, problem: 'it does not say that its ledger was verified, and the ledger is whole' });
    if (entered === undefined) {
      unchecked.push('the ledger itself, which is not here: its checkpoint and proofs were');
      if (checkpoints !== undefined)
        findings.push({ file: LEDGER, problem: 'it is missing, and lay here when this was signed' });
    } else {
      // Whoever wrote into the pack's own ledger signed where it ended, last.
      for (const name of checkpoints ?? [])
        if (Number(name) > checkpoint.size)
          findings.push({ file: CHECKPOINT, problem: `it is older than ${LEDGER}/${CHECKPOINTS}/${name}` });
      const present = new Set(listCheckpoints(place));
      for (const name of checkpoints ?? [])
        if (!present.has(name))
          findings.push({
            file: `${LEDGER}/${CHECKPOINTS}/${name}`,
            problem: 'it is missing, and lay here when this was signed',
          });
    }
    take(await verifyRows(folder, proven, entered, tools.earlier));
    take(await verifyEvidence(folder, entered));
    take(await verifyAttribution(folder, entered, tools));
  }
  return { checked, unchecked, findings };
}

/** @returns when the pack was made, by its manifest, and what checkpoints it had */
function verifyManifest(
  folder: string,
  key: NoteKey,
  checked: string[],
  findings: PackFinding[],
): { readonly produced?: string; readonly checkpoints?: readonly string[] } {
  const [text, note] = [readBytes(join(folder, MANIFEST)), readBytes(join(folder, MANIFEST_NOTE))];
  if (text === undefined || note === undefined) {
    findings.push({ file: text === undefined ? MANIFEST : MANIFEST_NOTE, problem: 'it is missing' });
    return {};
  }
  const verdict = verifyNote(sha256, note.toString('utf8'), [key], verifySignature);
  if (verdict.kind === 'refused') findings.push({ file: MANIFEST_NOTE, problem: verdict.reason });
  else if (verdict.text !== formatManifestNote(text)) {
    findings.push({ file: MANIFEST, problem: 'it is not the manifest that was signed' });
  } else checked.push(`the manifest is signed by ${key.name}`);
  const manifest = manifestSchema.safeParse(parseJson(text.toString('utf8')));
  if (!manifest.success) {
    findings.push({ file: MANIFEST, problem: 'it is no manifest of a pack' });
    return {};
  }
  const listed = new Map(manifest.data.files.map((each) => [each.file, each]));
  if (listed.size !== manifest.data.files.length) findings.push({ file: MANIFEST, problem: 'it names a file twice' });
  const present = listPackFiles(folder);
  for (const file of present) {
    const expected = listed.get(file);
    if (expected === undefined) findings.push({ file, problem: 'the manifest does not name it' });
    else if (!lstatSync(join(folder, file)).isFile()) findings.push({ file, problem: 'it is no file of its own' });
    else if (hashPackFile(folder, file).sha256 !== expected.sha256) {
      findings.push({ file, problem: 'it is not the file that was signed' });
    }
  }
  for (const file of listed.keys()) if (!present.includes(file)) findings.push({ file, problem: 'it is missing' });
  checked.push(`${formatPlural(listed.size, 'file')} ${listed.size === 1 ? 'was' : 'were'} compared with the manifest`);
  const { produced, ledger } = manifest.data;
  return {
    ...(Number.isNaN(Date.parse(produced)) ? {} : { produced }),
    ...(ledger === undefined ? {} : { checkpoints: ledger.checkpoints }),
  };
}

/** A checkpoint that the key signed; what is wrong with it is among the findings. */
function readSigned(folder: string, file: string, key: NoteKey, findings: PackFinding[]): Checkpoint | undefined {
  const note = readBytes(join(folder, file));
  if (note === undefined) {
    findings.push({ file, problem: 'it is missing' });
    return undefined;
  }
  const verdict = verifyNote(sha256, note.toString('utf8'), [key], verifySignature);
  if (verdict.kind === 'refused') {
    findings.push({ file, problem: verdict.reason });
    return undefined;
  }
  const checkpoint = parseCheckpoint(verdict.text);
  if (checkpoint === undefined) findings.push({ file, problem: 'what is signed is no checkpoint' });
  return checkpoint;
}

/** @returns ids of the accesses that are proven to be entered */
function verifyProofs(
  folder: string,
  checkpoint: Checkpoint,
  checked: string[],
  findings: PackFinding[],
): ReadonlySet<string> {
  const lines = (readBytes(join(folder, PROOFS))?.toString('utf8') ?? '').split('\n').filter((line) => line !== '');
  const proven = new Set<string>();
  for (const [at, line] of lines.entries()) {
    const problem = judgeProof(line, checkpoint, proven);
    if (problem !== undefined) findings.push({ file: `${PROOFS}:${at + 1}`, problem });
  }
  checked.push(
    `${formatPlural(proven.size, 'inclusion proof')} to the checkpoint ${proven.size === 1 ? 'holds' : 'hold'}, each from the entry of its access`,
  );
  return proven;
}

function judgeProof(line: string, checkpoint: Checkpoint, proven: Set<string>): string | undefined {
  const parsed = proofSchema.safeParse(parseJson(line));
  if (!parsed.success) return 'it is no proof';
  const { access, index, entry } = parsed.data;
  const path = parsed.data.proof.map(parseBase64);
  const bytes = encodeText(entry);
  const leaf = hashLeaf(sha256, bytes);
  if (!path.every((each) => each !== undefined) || !verifyInclusion(sha256, leaf, index, checkpoint, path))
    return 'it proves no entry of the ledger';
  if (readEntryId(bytes) !== access) return 'it is the proof of another access';
  proven.add(access);
  return undefined;
}

/** @param isPacks whether it lies in the pack, where nothing else may; a copy of a room's bucket has reports, too */
function verifyLedgerFolder(
  folder: string,
  isPacks: boolean,
  checkpoint: Checkpoint,
  key: NoteKey,
  checked: string[],
  findings: PackFinding[],
): EnteredLedger {
  const before = findings.length;
  const paths = listTilePaths(folder);
  const earlier = listCheckpoints(folder).flatMap((name) => {
    const signed = readSigned(folder, `${CHECKPOINTS}/${name}`, key, findings);
    return signed === undefined ? [] : [signed];
  });
  // The ledger grows after the pack was made; what the pack vouches for is its beginning.
  const last = [checkpoint, ...earlier].reduce((left, right) => (right.size > left.size ? right : left));
  const read = (path: string) => {
    const bytes = readBytes(join(folder, path));
    return bytes === undefined ? undefined : new Uint8Array(bytes);
  };
  const entered = openEntered(last.size, read);
  const index = openIndexCheck(folder);
  const enter = (access: EnteredAccess, entry: number, key: Uint8Array, leaf: Uint8Array) => {
    const { at } = access;
    index.add({ hour: findHour(access), key, leaf }, entry);
    entered.add(access, { entry, ...(at === undefined ? {} : { at }), isCovered: entry < checkpoint.size });
  };
  for (const finding of verifyLedger(sha256, { read, tilePaths: paths }, last, [checkpoint, ...earlier], enter)) {
    findings.push({ file: `${LEDGER}/${placeOf(finding)}`, problem: describeFinding(finding) });
  }
  // What was found in the entries would be told of the index again.
  const beside = findings.length > before ? [] : index.finish();
  for (const { path, problem } of [...checkHead(folder, last), ...beside, ...(isPacks ? listForeign(folder, key) : [])])
    findings.push({ file: `${LEDGER}/${path}`, problem });
  checked.push(
    `${formatEntries(last.size)} of the ledger, its tiles, index and head, and ${formatPlural(earlier.length, 'earlier checkpoint')} were compared`,
  );
  return entered;
}

function formatEntries(count: number): string {
  return count === 1 ? '1 entry' : `${formatCount(count)} entries`;
}

function placeOf(finding: LedgerFinding): string {
  return 'path' in finding ? finding.path : 'head';
}

function describeFinding(finding: LedgerFinding): string {
  switch (finding.kind) {
    case 'missing':
      return 'it is missing';
    case 'wrong-length':
      return 'it is longer or shorter than it can be';
    case 'altered-entry':
      return `entry ${finding.entry} is not the one that was entered`;
    case 'unreadable-entry':
      return `entry ${finding.entry} is no access`;
    case 'repeated-access':
      return `entry ${finding.entry} repeats entry ${finding.first}`;
    case 'altered-hash':
      return `hash ${finding.at} is not that of ${finding.below}`;
    case 'wrong-root':
      return `the entries do not give the root that was signed at ${finding.size}`;
    case 'rewritten':
      return `what was signed at ${finding.size} entries is no beginning of it: it was rewritten`;
    case 'stray':
      return 'no checkpoint accounts for it';
  }
}

function listTilePaths(folder: string): readonly string[] {
  const root = join(folder, 'tile');
  if (!existsSync(root)) return [];
  return readdirSync(root, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

function readBytes(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}
