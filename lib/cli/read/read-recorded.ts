import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { openLineStore, readCertificateLines, UnusableRecord } from '../../audit/grounds/read-record-lines';
import { RECORD_FILES, type RecordKeeper } from '../../audit/grounds/record-folder';
import { sha256 } from '../../audit/node-crypto';
import { type AuditRecords, readAuditRecords } from '../../domain/audit/report/read-audit-records';
import type { RecordStore } from '../../domain/registry/record-store';
import { openRegistry } from '../../domain/registry/registry';
import { openFileStore } from '../../registry/file-store';
import { verifySignature } from '../../registry/verify-signature';
import { InvalidInput } from '../describe/exit-code';
import { requireFolder } from './list-log-folders';
import type { AuditedOptions } from './load-audited';
import { readTextFile, resolveInside, UnreadableFile } from './read-text-file';

/**
 * What a registry, or the record of another report, tells; undefined where there is none. All of it is kept with the report.
 * @throws InvalidInput
 */
export async function readRecorded(
  options: AuditedOptions,
  keeper: RecordKeeper,
  now: string,
): Promise<AuditRecords | undefined> {
  try {
    const source = await openRecorded(options);
    return source && (await readRecords(source, keeper, now));
  } catch (error) {
    if (error instanceof UnusableRecord) throw new InvalidInput(error.message, { cause: error });
    throw error;
  }
}

/** A registry, and what the certificates of its releases say. */
interface Recorded {
  readonly store: RecordStore;
  readonly readCertificate: (file: string) => Promise<string | undefined>;
}

async function openRecorded(options: AuditedOptions): Promise<Recorded | undefined> {
  const { record, registry } = options;
  if (record !== undefined) return openKept(options, record);
  if (registry === undefined) return undefined;
  const certificates = options.certificates ?? options.agreements ?? registry;
  requireFolder('--registry', registry);
  requireFolder('--certificates', certificates);
  const root = realpathSync(certificates);
  return { store: openFileStore(registry), readCertificate: async (file) => readCertificate(root, file) };
}

/** What another report rests on. */
async function openKept(options: AuditedOptions, record: string): Promise<Recorded | undefined> {
  requireFolder('--record', record);
  const [registry, certificates] = [RECORD_FILES.registry, RECORD_FILES.certificates].map((name) => join(record, name));
  if (existsSync(join(record, RECORD_FILES.agreements)) && options.agreements === undefined)
    throw new InvalidInput(
      `--record ${record}: versions of agreements are not in its registry. Name their files with --agreements.`,
    );
  if (!existsSync(registry!)) return undefined;
  const texts = existsSync(certificates!) ? await readCertificateLines(certificates!) : new Map<string, string>();
  return { store: await openLineStore(registry!), readCertificate: async (file) => texts.get(file) };
}

function readRecords({ store, readCertificate }: Recorded, keeper: RecordKeeper, now: string): Promise<AuditRecords> {
  const reading = { sha256, verify: verifySignature, now, readCertificate: keeper.keepCertificates(readCertificate) };
  return readAuditRecords(openRegistry(keeper.keepStore(store)), reading);
}

/** A place on record may be anything: only files of the folder are read. */
function readCertificate(root: string, file: string): string | undefined {
  try {
    return readTextFile(resolveInside(root, join(root, file), file), file);
  } catch (error) {
    if (error instanceof UnreadableFile) return undefined;
    throw error;
  }
}
