import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import canonicalize from 'canonicalize';
import * as z from 'zod';
import { REPORT_CAPS } from '../../domain/audit/report/build-audit-report';
import { parseJson } from '../../domain/parse-json';
import { errorCode } from '../../error-code';
import { INPUTS, openGiven, parseInputLine } from '../grounds/input-list';
import { INPUT_LABELS, type InputLabel, nameInput, splitInputName } from '../grounds/input-names';
import { listLogFiles } from '../logs/list-log-files';
import type { InputFolder } from '../logs/open-log-folders';
import { DIGEST_FILE } from '../logs/read-digests';
import { REPORT } from '../pack/read-pack-report';
import { hashPackFile } from '../pack/sign-pack';
import type { PackFinding, PackVerdict } from './verify-pack';

/** What the files of each kind are, to a person. */
const KINDS: Readonly<Record<InputLabel, string>> = {
  '': 'log files',
  [INPUT_LABELS.serverAccess]: 'files of S3’s own logs',
  [INPUT_LABELS.transfer]: 'files of the SFTP server’s log',
  [INPUT_LABELS.digests]: 'digests',
  [INPUT_LABELS.record]: 'files of what is on record',
};

const inputsSchema = z.looseObject({
  files: z.number(),
  bytes: z.number(),
  sha256: z.string(),
  given: z.unknown().optional(),
  listed: z.array(z.looseObject({ file: z.string(), sha256: z.string(), bytes: z.number() })),
});
type ToldInputs = z.output<typeof inputsSchema>;

const headerSchema = z.object({ header: z.object({ inputs: inputsSchema }) });

/**
 * Compares what is given with what the pack says it was made of: folders, and what of the record is in the pack itself. Says
 * how much it was made of that was not given.
 */
export async function verifyInputs(pack: string, given: readonly InputFolder[]): Promise<PackVerdict> {
  const path = join(pack, INPUTS);
  if (!existsSync(path)) return { checked: [], findings: [{ file: INPUTS, problem: 'it is missing' }] };
  const text = readFileSync(path);
  const findings: PackFinding[] = [];
  const unchecked: string[] = [];
  const named = readNamed(text.toString('utf8'), findings);
  const report = headerSchema.safeParse(parseJson(readQuietly(join(pack, 'report.json'))));
  const told = report.data?.header.inputs;
  if (told?.sha256 !== createHash('sha256').update(text).digest('hex'))
    findings.push({ file: INPUTS, problem: 'it is not the list that report.json tells of' });
  if (!isOfInputs(told, [...named.keys()]))
    findings.push({ file: REPORT, problem: `what it says was given is not what ${INPUTS} lists` });
  const kept = { label: INPUT_LABELS.record, folder: join(pack, INPUT_LABELS.record) };
  const folders = [...(existsSync(kept.folder) ? [kept] : []), ...given];
  const checked: string[] = [];
  /** Bytes of what is here, by name. */
  const sizes = new Map<string, number>();
  for (const { label, folder } of folders) {
    const own = [...named].filter(([file]) => splitInputName(file).label === label);
    for (const [file, sha256] of own) {
      const problem = await compareInput(pack, folder, file, sha256);
      if (problem !== undefined) findings.push(problem);
      else sizes.set(file, statSync(join(folder, splitInputName(file).file)).size);
    }
    for (const { file } of listLogFiles(folder).files)
      if (!named.has(nameInput(label, file)) && !isBeside(label, file))
        findings.push({ file: nameInput(label, file), problem: 'it was not there when the audit was made' });
    checked.push(`${own.length} ${KINDS[label]} were compared with what was audited`);
  }
  if (told !== undefined) findings.push(...compareSizes(told, named, sizes));
  const labels = new Set(folders.map(({ label }) => label));
  const left = [...named.keys()].map((file) => splitInputName(file).label).filter((label) => !labels.has(label));
  if (told !== undefined && sizes.size < named.size && told.files > told.listed.length)
    unchecked.push('how many bytes it was made of: that needs all of these');
  const rest = Object.entries(KINDS)
    .map(([label, kind]) => ({ kind, count: left.filter((each) => each === label).length }))
    .flatMap(({ kind, count }) => (count === 0 ? [] : `${count} ${kind}`))
    .join(', ');
  const missing = rest === '' ? [] : [`what it was made of and was not given: ${rest}`];
  return { checked, unchecked: [...missing, ...unchecked], findings };
}

/** What is told of the sizes of files: those that are listed are the first of all, and all of them where that is said. */
function compareSizes(
  { bytes, files, listed }: ToldInputs,
  named: ReadonlyMap<string, string>,
  sizes: ReadonlyMap<string, number>,
): readonly PackFinding[] {
  const first = [...named].slice(0, REPORT_CAPS.inputs);
  const isFirst =
    listed.length === first.length &&
    listed.every(({ file, sha256 }, at) => file === first[at]?.[0] && sha256 === first[at]?.[1]);
  const isSized = listed.every((each) => each.bytes >= 0 && each.bytes === (sizes.get(each.file) ?? each.bytes));
  const here = sum(sizes.values());
  const all = sum(listed.map((each) => each.bytes));
  const least = Math.max(here, all);
  const isWhole = files === listed.length ? bytes === all : sizes.size === named.size ? bytes === here : bytes >= least;
  const tell = (problem: string) => ({ file: REPORT, problem });
  return [
    ...(isFirst ? [] : [tell(`the files that it lists are not the first of ${INPUTS}`)]),
    ...(isSized && isWhole ? [] : [tell('what it says of the sizes of files is not what they have')]),
  ];
}

function sum(values: Iterable<number>): number {
  return [...values].reduce((all, value) => all + value, 0);
}

/** Which evidence there was; a pack of an earlier version does not tell. */
function isOfInputs(
  told: { readonly files: number; readonly given?: unknown } | undefined,
  files: readonly string[],
): boolean {
  const given = openGiven();
  for (const file of files) given.note(file);
  const isGiven = told?.given === undefined || canonicalize(told.given) === canonicalize(given.finish());
  return isGiven && told?.files === files.length;
}

/** What lies with the digests and is none: their metadata, by which they are verified. */
function isBeside(label: InputLabel, file: string): boolean {
  return label === INPUT_LABELS.digests && !DIGEST_FILE.test(file);
}

function readNamed(text: string, findings: PackFinding[]): ReadonlyMap<string, string> {
  const named = new Map<string, string>();
  for (const [at, line] of text.split('\n').slice(0, -1).entries()) {
    const input = parseInputLine(line);
    const file = `${INPUTS}:${at + 1}`;
    if (input === undefined) findings.push({ file, problem: 'it names no file' });
    else if (named.has(input.file)) findings.push({ file, problem: 'it names a file twice' });
    else named.set(input.file, input.sha256);
  }
  return named;
}

async function compareInput(
  pack: string,
  folder: string,
  name: string,
  sha256: string,
): Promise<PackFinding | undefined> {
  const { label, file } = splitInputName(name);
  const found = hashQuietly(folder, file);
  if (found === sha256) return undefined;
  if (found === undefined) return { file: name, problem: 'it is missing' };
  const line = label === INPUT_LABELS.record ? await findDifference(join(pack, name), join(folder, file)) : undefined;
  const place = line === undefined ? name : `${name}:${line}`;
  return { file: place, problem: 'it is not what was audited' };
}

/** The first line, from 1, in which two files differ; undefined where one is not there. */
async function findDifference(left: string, right: string): Promise<number | undefined> {
  if (left === right || !existsSync(left)) return undefined;
  const [one, other] = [left, right].map((path) => createInterface(createReadStream(path))[Symbol.asyncIterator]());
  for (let at = 1; ; at += 1) {
    const [here, there] = await Promise.all([one!.next(), other!.next()]);
    if (here.value !== there.value || here.done) return at;
  }
}

function hashQuietly(folder: string, file: string): string | undefined {
  try {
    return hashPackFile(folder, file).sha256;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}

function readQuietly(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
