import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { ACCESS_TABLE } from './explain-accesses';
import type { PackFinding, PackVerdict } from './verify-pack';
import { PROOFS } from './write-proofs';

const EXCEPTION_TABLE = 'exceptions.jsonl';

const rowSchema = z.object({ id: z.string(), explained: z.object({ kind: z.string() }) });
const exceptionSchema = z.object({ evidence: z.array(z.object({ event: z.string() })) });

/** What the room did for itself is in its trail, and in no ledger. */
const UNENTERED = 'internal';

/**
 * Compares the tables of a pack with what is entered: each access that an exception rests on is proven, and with the ledger
 * each access of the table is in it.
 * @param proven ids of accesses whose proofs hold
 * @param entered ids of all accesses in the ledger, where it is at hand
 */
export async function verifyRows(
  folder: string,
  proven: ReadonlySet<string>,
  entered: ReadonlySet<string> | undefined,
): Promise<PackVerdict> {
  const findings: PackFinding[] = [];
  const wanted = await listWanted(folder, findings);
  let rows = 0;
  for await (const [row, at] of readRows(folder, ACCESS_TABLE, rowSchema)) {
    const file = `${ACCESS_TABLE}:${at}`;
    if (row === undefined) {
      findings.push({ file, problem: 'it is no access' });
      continue;
    }
    rows += 1;
    if (row.explained.kind === UNENTERED) continue;
    if (entered?.has(row.id) === false) findings.push({ file, problem: 'its access is not in the ledger' });
    if (wanted.has(row.id) && !proven.has(row.id))
      findings.push({ file, problem: `an exception rests on it, and ${PROOFS} has no proof that holds` });
  }
  const compared = entered === undefined ? 'proofs' : 'proofs and the ledger';
  return { checked: [`${rows} accesses in the tables were compared with ${compared}`], findings };
}

async function listWanted(folder: string, findings: PackFinding[]): Promise<ReadonlySet<string>> {
  const wanted = new Set<string>();
  for await (const [exception, at] of readRows(folder, EXCEPTION_TABLE, exceptionSchema)) {
    if (exception === undefined) findings.push({ file: `${EXCEPTION_TABLE}:${at}`, problem: 'it is no exception' });
    for (const { event } of exception?.evidence ?? []) wanted.add(event);
  }
  return wanted;
}

/** Each line, from 1; undefined for what is none of these. A table that is missing is found with the manifest. */
async function* readRows<T>(
  folder: string,
  name: string,
  schema: z.ZodType<T>,
): AsyncGenerator<readonly [T | undefined, number]> {
  const path = join(folder, name);
  if (!existsSync(path)) return;
  let at = 0;
  for await (const line of createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    at += 1;
    yield [schema.safeParse(parseJson(line)).data, at];
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
