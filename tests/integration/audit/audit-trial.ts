import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { AuditRun } from '../../../lib/audit/audit-run';
import { openLedgerFolder } from '../../../lib/audit/ledger/ledger-folder';
import { openNoteSigner } from '../../../lib/audit/ledger/note-signer';
import { openLogFolders } from '../../../lib/audit/logs/open-log-folders';
import { type AuditOutcome, runAudit } from '../../../lib/audit/run-audit';
import type { ReportedAccess } from '../../../lib/domain/audit/report/reported-access';
import { NO_CONDUCT } from '../../../lib/domain/audit/report/reported-conduct';
import type { ReportedException } from '../../../lib/domain/audit/report/reported-exception';
import { AUDIT_OUTPUTS } from '../../../lib/report/audit/audit-outputs';
import { makeSigningKey } from '../../../lib/signing-key';
import { AGREEMENT, decide, PURCHASES, USAGE } from '../../unit/audit/attribution/agreements';
import { BUCKET, REGION, ROOM, type Sighting } from '../../unit/audit/scenario';

export interface AuditTrial extends AuditOutcome {
  readonly out: string;
  readonly rows: readonly ReportedAccess[];
  readonly exceptions: readonly ReportedException[];
}

export const OUTPUTS = AUDIT_OUTPUTS;
/** Of which version the packs of trials are said to be. */
const TOOL_VERSION = '0.0.0';
export const TOOLS = { outputs: OUTPUTS, toolVersion: TOOL_VERSION } as const;

export const DECISIONS = [
  decide({ id: 'usage', party: 'retail', leg: USAGE }),
  decide({ id: 'purchases', party: 'retail', leg: PURCHASES }),
];

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder of its own, until the file of tests has run. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'barter-audit-'));
  folders.push(folder);
  return folder;
}

/** What is written under a name below the folder; folders are made. */
export function put(folder: string, file: string, content: string | Uint8Array): string {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** Writes records as the services would: so many to a file, each kind of log in files of its own. */
export function writeLogs(folder: string, sightings: readonly Sighting[], perFile = 20): void {
  const kinds = new Map<string, string[]>();
  for (const { source } of sightings) {
    const lines = kinds.get(source.log) ?? [];
    kinds.set(source.log, lines);
    if (source.log === 'cloudtrail') lines.push(JSON.stringify(source.record));
    else lines.push(source.log === 's3-access-log' ? source.line : JSON.stringify(source.event));
  }
  for (const [kind, lines] of kinds) {
    for (let at = 0; at * perFile < lines.length; at += 1) {
      const part = lines.slice(at * perFile, (at + 1) * perFile);
      const name = `${ROOM}_CloudTrail_${REGION}_20260301T0905Z_${kind.replace(/\W/g, '')}${at}`;
      if (kind !== 'cloudtrail') put(folder, `${kind}/${at}.log`, `${part.join('\n')}\n`);
      else {
        const path = `AWSLogs/${ROOM}/CloudTrail/${REGION}/2026/03/01/${name}.json.gz`;
        put(folder, path, gzipSync(`{"Records":[${part.join(',')}]}`));
      }
    }
  }
}

export function prepareTrial(logs: string, change: Partial<AuditRun> = {}): AuditRun {
  const folder = makeFolder();
  const key = join(folder, 'keys', 'audit.pem');
  makeSigningKey(key);
  return {
    agreements: [{ inForce: AGREEMENT, plan: 'ab'.repeat(32) }],
    decisions: DECISIONS,
    room: { accounts: [ROOM], topology: 'hosted' },
    bucketOwners: new Map([[BUCKET, ROOM]]),
    trails: [],
    conduct: NO_CONDUCT,
    logs: openLogFolders([{ label: '', folder: logs }]),
    out: join(folder, 'out'),
    ledger: { origin: 'room/trial', open: () => openLedgerFolder(join(folder, 'out', 'ledger')) },
    signer: openNoteSigner(key, 'room/trial'),
    toolVersion: TOOL_VERSION,
    produced: '2026-04-01T00:00:00Z',
    onProgress: () => {},
    ...change,
  };
}

export async function auditLogs(logs: string, change: Partial<AuditRun> = {}): Promise<AuditTrial> {
  const run = prepareTrial(logs, change);
  const outcome = await runAudit(run, OUTPUTS);
  return {
    ...outcome,
    out: run.out,
    rows: readLines(join(run.out, 'accesses.jsonl')),
    exceptions: readLines(join(run.out, 'exceptions.jsonl')),
  };
}

function readLines<T>(file: string): readonly T[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line): T[] => (line === '' ? [] : [JSON.parse(line)]));
}
