import {
  appendFileSync,
  cpSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import canonicalize from 'canonicalize';
import type { TrailPublicKey } from '../../domain/audit/integrity/trail-copy';
import type { InputFile } from '../../domain/audit/report/audit-header';
import { compareTexts } from '../../domain/compare-texts';
import type { RecordStore, StoredRecord } from '../../domain/registry/record-store';
import type { RegistryItemKey } from '../../domain/registry/registry-keys';
import { hashPackFile } from '../pack/sign-pack';
import { INPUT_LABELS, nameInput } from './input-names';

/** What a report rests on beside logs and digests, in a pack's folder `record`: whoever has it can make the report again. */
export const RECORD_FILES = {
  /** A record a line: `{pk, sk, revision, record}`. */
  registry: 'registry.jsonl',
  /** A certificate a line: `{file, text}`. */
  certificates: 'certificates.jsonl',
  /** Versions that are in no registry, a line each: `{agreement, version, content, plan}`. */
  agreements: 'agreements.jsonl',
  decisions: 'decisions.jsonl',
  inventory: 'inventory.json',
} as const;

export interface RecordKeeper {
  /** The same store; what is read of it is kept. It cannot be written to. */
  readonly keepStore: (store: RecordStore) => RecordStore;
  /** The same certificates; undefined, as by the given: none can be read. */
  readonly keepCertificates: (
    readText: (file: string) => Promise<string | undefined>,
  ) => (file: string) => Promise<string | undefined>;
  /** Values, each in JSON's canonical form, a line each and in the order of the lines. */
  readonly putLines: (name: string, values: readonly unknown[]) => void;
  readonly putValue: (name: string, value: unknown) => void;
  /**
   * Puts what was kept in order. Whatever was read in whichever order, of the same record it is the same.
   * @param pack where it is put; absent: where the report is to be written. May be asked again for another.
   */
  readonly finish: (pack?: string) => Promise<void>;
  /** Leaves what lay there as it is. */
  readonly discard: () => void;
}

/** @param out where the report is to be written; a record that is there stays until the end */
export function openRecordKeeper(out: string): RecordKeeper {
  const folder = join(out, DRAFT);
  const parts = join(folder, PARTS);
  let isOpen = false;
  const begin = () => {
    if (isOpen) return;
    isOpen = true;
    // What a run that was killed left behind is none of this.
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(parts, { recursive: true });
  };
  /** By place, in files of their own: of decisions there may be many. */
  const lists = new Map<string, Part>();
  const singles = new Map<string, { readonly key: RegistryItemKey; readonly record: StoredRecord }>();
  const certificates = new Map<string, string>();
  const keepPart = (pk: string, prefix: string, records: readonly StoredRecord[]) => {
    const place = `${pk} ${prefix}`;
    const part = { pk, prefix, path: join(parts, String(lists.size)) };
    // What is listed twice was there the first time too: nothing is ever deleted.
    if (lists.has(place)) return;
    lists.set(place, part);
    begin();
    writeFileSync(part.path, '');
    for (let at = 0; at < records.length; at += LINES)
      appendFileSync(part.path, formatRecords(pk, records.slice(at, at + LINES)));
  };
  let order: Promise<void> | undefined;
  const putInOrder = async () => {
    begin();
    const files = [...certificates].map(([file, text]) => ({ file, text }));
    if (files.length > 0) putLines(join(folder, RECORD_FILES.certificates), files);
    const listed = [...lists.values()];
    for (const { key, record } of singles.values())
      if (!listed.some(({ pk, prefix }) => pk === key.pk && key.sk.startsWith(prefix)))
        keepPart(key.pk, key.sk, [record]);
    const registry = join(folder, RECORD_FILES.registry);
    for (const place of [...lists.keys()].toSorted(compareTexts))
      await pipeline(createReadStream(lists.get(place)!.path), createWriteStream(registry, { flags: 'a' }));
    rmSync(parts, { recursive: true });
  };
  return {
    keepStore: (store) => ({
      read: async (key) => {
        const record = await store.read(key);
        if (record !== undefined) singles.set(`${key.pk} ${key.sk}`, { key, record });
        return record;
      },
      list: async (pk, prefix, from) => {
        const records = await store.list(pk, prefix, from);
        keepPart(pk, prefix, records);
        return records;
      },
      create: refuse,
      replace: refuse,
    }),
    keepCertificates: (readText) => async (file) => {
      const text = await readText(file);
      if (text !== undefined) certificates.set(file, text);
      return text;
    },
    putLines: (name, values) => {
      begin();
      putLines(join(folder, name), values);
    },
    putValue: (name, value) => {
      begin();
      writeFileSync(join(folder, name), `${format(value)}\n`);
    },
    finish: async (pack = out) => {
      order ??= putInOrder();
      await order;
      const place = join(pack, INPUT_LABELS.record);
      rmSync(place, { recursive: true, force: true });
      if (pack === out) renameSync(folder, place);
      else cpSync(folder, place, { recursive: true });
    },
    discard: () => {
      if (isOpen) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The keys by which digests were believed, as `aws cloudtrail list-public-keys` gives them. */
export function keepTrailKeys(out: string, keys: readonly TrailPublicKey[]): void {
  const folder = join(out, INPUT_LABELS.record);
  mkdirSync(folder, { recursive: true });
  const told = new Map(keys.map((key) => [key.fingerprint, key]));
  const PublicKeyList = [...told.values()]
    .toSorted((left, right) => compareTexts(left.fingerprint, right.fingerprint))
    .map(({ fingerprint, value, validFrom, validTo }) => ({
      Fingerprint: fingerprint,
      Value: value,
      ValidityStartTime: formatTime(validFrom),
      ValidityEndTime: formatTime(validTo),
    }));
  writeFileSync(join(folder, TRAIL_KEYS), `${format({ PublicKeyList })}\n`);
}

const TRAIL_KEYS = 'trail-keys.json';

/** One way of writing a time; what is none stays as it is. */
function formatTime(text: string): string {
  const time = Date.parse(text);
  return Number.isNaN(time) ? text : new Date(time).toISOString();
}

/** What is on record in a pack, in order of the names; nothing where it keeps none. */
export function hashRecord(out: string): readonly InputFile[] {
  const folder = join(out, INPUT_LABELS.record);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .toSorted()
    .map((name) => ({ ...hashPackFile(folder, name), file: nameInput(INPUT_LABELS.record, name) }));
}

/** What one look at the registry gave. */
interface Part {
  readonly pk: string;
  readonly prefix: string;
  readonly path: string;
}

/** Hidden, so that neither is part of a pack; gone at the end. */
const DRAFT = '.record';
const PARTS = '.parts';
const LINES = 1000;

function putLines(path: string, values: readonly unknown[]): void {
  const lines = values.map((value) => `${format(value)}\n`);
  writeFileSync(path, lines.toSorted(compareTexts).join(''));
}

function formatRecords(pk: string, records: readonly StoredRecord[]): string {
  return records.map((each) => `${format({ pk, ...each })}\n`).join('');
}

function format(value: unknown): string {
  return canonicalize(value) ?? 'null';
}

async function refuse(): Promise<never> {
  throw new Error('A record that is kept for a report is not written to.');
}
