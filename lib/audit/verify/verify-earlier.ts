import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import * as z from 'zod';
import { parseJson } from '../../domain/parse-json';
import { DOOR_PARTITIONS } from '../../domain/registry/registry-keys';
import { formatPlural } from '../../report/format';
import { decisionSchema } from '../grounds/decision-schema';
import { INPUT_LABELS } from '../grounds/input-names';
import { DECIDED } from '../grounds/party-decisions';
import { RECORD_FILES } from '../grounds/record-folder';
import { readRows } from '../pack/read-rows';
import { readLate } from './late-rows';
import { verifyFurther } from './verify-further';
import type { PackFinding, PackVerdict } from './verify-pack';

const dated = z.looseObject({ at: z.string() });
const storedSchema = z.looseObject({ pk: z.string(), sk: z.string(), record: z.unknown() });
const givenSchema = z.looseObject({ id: z.string(), at: z.string() });
const reportSchema = z.looseObject({
  header: z.looseObject({ produced: z.string() }),
  agreements: z.array(z.looseObject({ id: z.string(), version: z.number() })).optional(),
});

/** A decision is written down some moments after it was taken. */
const WRITTEN_IN_MS = 60 * 1000;

/**
 * Whether the decisions on record in a pack are those that an earlier pack had: a decision is written once and never again, so
 * each of them has to stand there unchanged, and none that is dated before may be new. The ledger holds no decisions; packs that
 * others kept hold whoever runs the room to them in its place. And whether nothing that is told as late was told before, but what
 * is told as a further record; and whether what such records show is listed, here or there.
 * @param earlier folders of packs with their records, or of the same party's own packs
 */
export async function verifyEarlier(pack: string, earlier: readonly string[]): Promise<PackVerdict> {
  const checked: string[] = [];
  const findings: PackFinding[] = [];
  const late = await readLate(pack);
  const further = await verifyFurther(pack, earlier);
  if (earlier.length === 0) {
    const alone = late.finish([]);
    return { checked, unchecked: [...alone.unchecked, ...further.unchecked], findings: alone.findings };
  }
  const now = await readDecisions(pack);
  for (const folder of earlier) {
    const then = await readDecisions(folder);
    const { produced, versions } = readReport(folder);
    const tell = ({ file }: DecisionOnRecord, name: string, problem: string) =>
      findings.push({ file, problem: `decision ${name} ${problem} ${folder}` });
    for (const [name, decision] of then) {
      const known = now.get(name);
      if (known === undefined) tell(decision, name, 'is not there any more, and is in');
      else if (known.said !== decision.said) tell(known, name, 'says something else than in');
    }
    for (const [name, decision] of now)
      if (!then.has(name) && isOfThen(decision, versions) && !(Date.parse(decision.at) >= produced - WRITTEN_IN_MS))
        tell(decision, name, 'is dated before, and was not on record then, in');
    const { told, twice } = await late.compare(folder);
    findings.push(...twice);
    if (told > 0) checked.push(`${formatPlural(told, 'access')} that came late are not in ${folder}`);
    checked.push(`${formatPlural(then.size, 'decision')} on record in ${folder} were compared with those in the pack`);
  }
  const alone = late.finish(earlier);
  return {
    checked,
    unchecked: [...alone.unchecked, ...further.unchecked],
    findings: [...findings, ...alone.findings, ...further.findings],
  };
}

/** What follows from a version that was not there yet is new with it. */
function isOfThen({ under }: DecisionOnRecord, versions: ReadonlySet<string>): boolean {
  return under === undefined || versions.has(under);
}

interface DecisionOnRecord {
  readonly file: string;
  /** Canonical JSON. */
  readonly said: string;
  readonly at: string;
  /** In a party's own pack: the version of the agreement. */
  readonly under?: string;
}

/** By where they lie in the registry, or by their ids where a file gave them, as it does in a party's own pack. */
async function readDecisions(pack: string): Promise<ReadonlyMap<string, DecisionOnRecord>> {
  const found = new Map<string, DecisionOnRecord>();
  const record = join(pack, INPUT_LABELS.record);
  const put = (file: string, name: string, value: unknown, at: string) =>
    found.set(name, { file, said: canonicalize(value) ?? '', at });
  for await (const [stored] of readRows(record, RECORD_FILES.registry, storedSchema))
    if (stored?.pk.startsWith(DOOR_PARTITIONS.decision))
      put(
        `${INPUT_LABELS.record}/${RECORD_FILES.registry}`,
        `${stored.pk} ${stored.sk}`,
        stored.record,
        dated.safeParse(stored.record).data?.at ?? '',
      );
  for await (const [given] of readRows(record, RECORD_FILES.decisions, givenSchema))
    if (given !== undefined) put(`${INPUT_LABELS.record}/${RECORD_FILES.decisions}`, given.id, given, given.at);
  for await (const [decision] of readRows(pack, DECIDED, decisionSchema)) {
    if (decision === undefined) continue;
    const under = nameVersion(decision.agreement);
    // That a giver may hand in follows from the agreement's beginning, in each version, and is called the same.
    found.set(`${decision.id} under ${under}`, {
      file: DECIDED,
      said: canonicalize(decision) ?? '',
      at: decision.at,
      under,
    });
  }
  return found;
}

function nameVersion({ id, version }: { readonly id: string; readonly version: number }): string {
  return `version ${version} of ${id}`;
}

function readReport(pack: string): { readonly produced: number; readonly versions: ReadonlySet<string> } {
  const path = join(pack, 'report.json');
  const report = existsSync(path) ? parseJson(readFileSync(path, 'utf8')) : undefined;
  const { header, agreements = [] } = reportSchema.safeParse(report).data ?? {};
  return { produced: Date.parse(header?.produced ?? ''), versions: new Set(agreements.map(nameVersion)) };
}
