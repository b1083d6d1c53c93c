import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { parseJson } from '../../domain/parse-json';
import type { RecordStore, StoredRecord } from '../../domain/registry/record-store';

/** A line of what was kept for a report is not what it should be. */
export class UnusableRecord extends Error {
  override readonly name = 'UnusableRecord';
}

const lineSchema = z.object({
  pk: z.string(),
  sk: z.string(),
  revision: z.int().positive(),
  /** Absent: it holds nothing that anybody can read. */
  record: z.unknown().optional(),
});

/**
 * The registry that a report rests on, as `openRecordKeeper` wrote it; nothing can be written to it.
 * @throws UnusableRecord naming the line
 */
export async function openLineStore(path: string): Promise<RecordStore> {
  const partitions = new Map<string, StoredRecord[]>();
  for await (const { pk, sk, revision, record } of readLines(path, lineSchema)) {
    const partition = partitions.get(pk) ?? [];
    partitions.set(pk, partition);
    partition.push({ sk, revision, record });
  }
  for (const records of partitions.values()) records.sort((left, right) => (left.sk < right.sk ? -1 : 1));
  const refuse = async (): Promise<never> => {
    throw new UnusableRecord(`${path} is what a report rests on, and is not written to.`);
  };
  return {
    read: async ({ pk, sk }) => partitions.get(pk)?.find((each) => each.sk === sk),
    list: async (pk, prefix, from = prefix) =>
      (partitions.get(pk) ?? []).filter(({ sk }) => sk.startsWith(prefix) && sk >= from),
    create: refuse,
    replace: refuse,
  };
}

const certificateSchema = z.object({ file: z.string(), text: z.string() });

/**
 * What certificates say, by where they lay.
 * @throws UnusableRecord naming the line
 */
export async function readCertificateLines(path: string): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for await (const { file, text } of readLines(path, certificateSchema)) texts.set(file, text);
  return texts;
}

async function* readLines<T>(path: string, schema: z.ZodType<T>): AsyncGenerator<T> {
  let at = 0;
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) {
    at += 1;
    const parsed = schema.safeParse(parseJson(line));
    if (!parsed.success) throw new UnusableRecord(`${path}:${at}: this is not what a report keeps of a record.`);
    yield parsed.data;
  }
}
