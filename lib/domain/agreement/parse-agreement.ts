import type { Sha256 } from '../bytes';
import { createLeafTest, findSameLeaves } from '../privacy/hierarchies/climb-hierarchy';
import { parseHierarchy, quote } from '../privacy/hierarchies/parse-hierarchy';
import { type PopulationColumn, parsePopulation } from '../privacy/histogram/parse-population';
import type { PopulationRow } from '../privacy/histogram/population';
import { checkAgreement } from './checks/check-agreement';
import { isClassColumn } from './checks/column-rules';
import { describeIssues, type Refusal } from './checks/describe-issue';
import { type AgreementDraft, draftAgreement } from './checks/draft-agreement';
import { hashContent } from './hash-content';
import type { ColumnType } from './plan/plan';
import { type Agreement, agreementSchema, type Column } from './schema/agreement';
import type { Finding } from './yaml/finding';
import { readYaml, type YamlFile } from './yaml/read-yaml';
import { type DocumentPath, errorAt, type Remark } from './yaml/remark';

interface AgreementSource {
  readonly text: string;
  /** The name that findings show. */
  readonly file: string;
  /** A file beside the agreement, by its path relative to it; undefined where there is none. */
  readonly readText: (relativePath: string) => string | undefined;
  readonly sha256: Sha256;
}

export type AgreementReading =
  | {
      readonly kind: 'valid';
      readonly agreement: Agreement;
      readonly warnings: readonly Finding[];
      /** Gives a line to what turns out wrong later. */
      readonly place: YamlFile['place'];
    }
  /** Errors, and the warnings among them, in the order of the file. */
  | { readonly kind: 'invalid'; readonly findings: readonly Finding[] };

/** Reads an agreement and lists everything that is wrong with it. Never throws unless `readText` does. */
export function parseAgreement({ text, file, readText, sha256 }: AgreementSource): AgreementReading {
  const { yaml, findings: atReading } = readYaml(file, text);
  if (yaml === undefined) return { kind: 'invalid', findings: sortFindings(atReading, file) };

  const parsed = agreementSchema.safeParse(yaml.value, { reportInput: true });
  const refusals = parsed.success ? [] : innermost(describeIssues(parsed.error.issues));
  const draft: AgreementDraft = parsed.success
    ? { ...parsed.data, setsControls: parsed.data }
    : draftAgreement(yaml.value, refusals);
  const read = readFiles(draft, file, readText);
  const remarks = [...refusals, ...withoutFollowers([...checkAgreement(draft), ...read.remarks], refusals)];
  const findings = sortFindings([...atReading, ...remarks.map(yaml.place), ...read.findings], file);
  if (!parsed.success || findings.some(({ severity }) => severity === 'error')) return { kind: 'invalid', findings };
  const { hierarchies, populations } = read;
  const content = hashContent(yaml.value, hierarchies, populations, sha256);
  const agreement = { ...parsed.data, hierarchies, populations, content };
  return { kind: 'valid', agreement, warnings: findings, place: yaml.place };
}

/** A map is refused as a whole for what is refused inside it: the inside tells more. */
function innermost(refusals: readonly Refusal[]): Refusal[] {
  const outer = new Set(refusals.flatMap(({ path }) => prefixesOf(path.slice(0, -1))));
  return refusals.filter(({ path }) => !outer.has(keyOf(path)));
}

/** A remark about what the schema has refused, or about what is missing for that reason, tells nothing new. */
function withoutFollowers(remarks: readonly Remark[], refusals: readonly Refusal[]): Remark[] {
  const refused = new Set(refusals.map(({ path }) => keyOf(path)));
  const around = new Set(refusals.flatMap((refusal) => (refusal.refused === 'value' ? prefixesOf(refusal.path) : [])));
  const isRefused = (path: DocumentPath) =>
    around.has(keyOf(path)) || prefixesOf(path).some((prefix) => refused.has(prefix));
  return remarks.filter(({ path, looksAt = [] }) => ![path, ...looksAt].some(isRefused));
}

const keyOf = (path: DocumentPath) => JSON.stringify(path);
const prefixesOf = (path: DocumentPath) => path.map((_, depth) => keyOf(path.slice(0, depth + 1)));

/** Rows of cells: a value, and what it becomes at each level. */
type Hierarchy = readonly (readonly string[])[];

/** The files that an agreement names, each read once. */
function readFiles({ datasets }: AgreementDraft, file: string, readText: AgreementSource['readText']) {
  const hierarchies = new Map<string, Hierarchy>();
  const populations = new Map<string, readonly PopulationRow[]>();
  const remarks: Remark[] = [];
  const findings: (readonly Finding[])[] = [];
  const folder = file.slice(0, Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  const read = (named: string, path: DocumentPath): string | undefined => {
    const text = readText(named);
    if (text === undefined)
      remarks.push(
        errorAt(path, `there is no file \`${named}\` beside the agreement`, 'Put it there, or correct the name.'),
      );
    return text;
  };
  const readRows = (named: string, path: DocumentPath): Hierarchy => {
    const known = hierarchies.get(named);
    if (known !== undefined) return known;
    const text = read(named, path);
    if (text === undefined) return [];
    const reading = parseHierarchy(`${folder}${named}`, text);
    const rows = reading.kind === 'rows' ? reading.rows : [];
    hierarchies.set(named, rows);
    if (reading.kind === 'invalid') findings.push(reading.findings);
    return rows;
  };
  const readHierarchy = (named: string, type: ColumnType | undefined, path: DocumentPath) => {
    const rows = readRows(named, path);
    const same = type && findSameLeaves(rows, type);
    if (same === undefined) return;
    const problem = `the file has ${quote(same[0])} and ${quote(same[1])}, which are one value of a column of type ${type?.kind}`;
    remarks.push(errorAt(path, problem, 'Keep one row per value.'));
  };
  for (const [id, { columns = {}, privacy } = {}] of Object.entries(datasets ?? {})) {
    const at = ['datasets', id];
    for (const [name, column] of Object.entries(columns))
      if (column?.generalise?.kind === 'hierarchy')
        readHierarchy(column.generalise.file, column.type, [...at, 'columns', name, 'generalise', 'hierarchy']);
    for (const [name, { hierarchy }] of Object.entries(privacy?.t ?? {}))
      if (hierarchy !== undefined)
        readHierarchy(hierarchy, columns[name]?.type, [...at, 'privacy', 't', name, 'hierarchy']);
    const counts = privacy?.population?.counts;
    if (counts === undefined || Object.values(columns).some((column) => column === undefined)) continue;
    const text = read(counts, ['datasets', id, 'privacy', 'population', 'counts']);
    if (text === undefined) continue;
    const counted = Object.entries(columns).flatMap(([name, column]) =>
      column && isClassColumn(column) ? [describeCounted(name, column, hierarchies)] : [],
    );
    const reading = parsePopulation(`${folder}${counts}`, text, counted);
    populations.set(counts, reading.kind === 'rows' ? reading.rows : []);
    if (reading.kind === 'invalid') findings.push(reading.findings);
  }
  return { hierarchies, populations, remarks, findings: findings.flat() };
}

/** Of a hierarchy that could not be read nothing is known. */
function describeCounted(name: string, column: Column, hierarchies: ReadonlyMap<string, Hierarchy>): PopulationColumn {
  if (column.generalise?.kind !== 'hierarchy') return { name };
  const { file } = column.generalise;
  const rows = hierarchies.get(file) ?? [];
  if (rows.length === 0) return { name };
  return { name, hierarchy: { file, has: createLeafTest(rows, column.type) } };
}

/** The agreement's own first, each file in its order, nothing twice. */
function sortFindings(findings: readonly Finding[], file: string): Finding[] {
  const unique = new Map(findings.map((finding) => [JSON.stringify(finding), finding]));
  const rank = (finding: Finding) => (finding.file === file ? '' : finding.file);
  return [...unique.values()].sort(
    (a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0) || a.line - b.line || a.column - b.column,
  );
}
