import { type Document, isMap, isScalar, parseDocument, Scalar, visit, type YAMLError } from 'yaml';
import type { Finding } from './finding';
import { indexLines } from './index-lines';
import { inspectYaml, startOf } from './inspect-yaml';
import { locateRemark } from './locate-remark';
import { formatPath, type Remark } from './remark';

/** A YAML file as plain data that still knows where each thing stands. */
export interface YamlFile {
  readonly value: unknown;
  place(remark: Remark): Finding;
}

interface YamlReading {
  /** Absent when the text has no structure that could be looked at further. */
  readonly yaml?: YamlFile;
  readonly findings: readonly Finding[];
}

const MAX_CHARACTERS = 1024 * 1024;
const MAX_ALIAS_COUNT = 100;

/** Reads one YAML 1.2 document. Never throws; whatever is wrong is a finding. */
export function readYaml(file: string, source: string): YamlReading {
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
  const positionOf = indexLines(text);
  const finding = (offset: number, problem: string, remedy: string): Finding => {
    return { severity: 'error', file, ...positionOf(offset), path: '', problem, remedy };
  };
  const refuse = (offset: number, problem: string, remedy: string): YamlReading => {
    return { findings: [finding(offset, problem, remedy)] };
  };

  if (text.length > MAX_CHARACTERS) {
    return refuse(
      0,
      'the file is larger than 1 MiB',
      'Keep it to a few pages; long lists belong into files of their own.',
    );
  }
  const odd = /[^\P{Cc}\t\r\n]|\uFFFD/u.exec(text);
  if (odd !== null) {
    const problem = 'here stands a control character, or text that is not UTF-8';
    return refuse(odd.index, problem, 'Remove the character, or save the file as UTF-8.');
  }
  // Duplicate keys are found below; the library compares every key with every other.
  const doc = parseDocument(text, { prettyErrors: false, stringKeys: true, schema: 'core', uniqueKeys: false });
  const exhausted = doc.errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  if (exhausted !== undefined) {
    const remedy = 'Write it with few levels.';
    return refuse(exhausted.pos[0], 'lists or maps are nested too deep here', remedy);
  }
  const syntax = firstPerLine(doc.errors.map((error) => finding(startOfError(error, doc), ...explain(error))));
  if (doc.errors.some(({ code }) => code !== 'MULTIPLE_DOCS')) return { findings: syntax };

  const { contents } = doc;
  if (contents === null || (isScalar(contents) && contents.value === null)) {
    return refuse(0, 'the file is empty', 'Write one key per line; `barter init` writes an agreement to start from.');
  }
  if (!isMap(contents)) {
    return refuse(
      startOf(contents),
      'the file is not a map',
      'Write one key per line, e.g. `agreement: name-of-the-agreement`.',
    );
  }
  const inspection = inspectYaml(doc, MAX_CHARACTERS);
  const faults = inspection.faults.map(({ offset, problem, remedy }) => finding(offset, problem, remedy));
  const findings = [...syntax, ...faults];
  if (inspection.faults.some(({ isFatal }) => isFatal)) return { findings };

  let value: unknown;
  try {
    value = doc.toJS({ maxAliasCount: MAX_ALIAS_COUNT });
  } catch {
    const [alias] = inspection.targets.keys();
    findings.push(finding(startOf(alias), 'the aliases from here on stand for far too much', 'Write the values out.'));
    return { findings };
  }
  const place = (remark: Remark): Finding => {
    const { severity, problem, remedy } = remark;
    const { offset, path } = locateRemark(doc, inspection, text, remark);
    return { ...finding(offset, problem, remedy), severity, path: formatPath(path) };
  };
  return { yaml: { value, place }, findings };
}

function explain({ code, message }: YAMLError): [problem: string, remedy: string] {
  switch (code) {
    case 'MULTIPLE_DOCS':
      return ['a second document starts here', 'Keep one agreement per file; remove everything from `---` on.'];
    case 'TAB_AS_INDENT':
      return ['a tab indents this line', 'Indent with spaces.'];
    case 'NON_STRING_KEY':
      return ['a list or map is used as a key', 'Use plain text as the key.'];
    case 'BLOCK_AS_IMPLICIT_KEY':
      return ['a second `: ` stands in this value', 'Put the value in quotes, or start a new line for the next key.'];
    case 'BAD_SCALAR_START':
      return ['no value starts with this character', 'Put the value in quotes.'];
    default:
      return [
        `this is not YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
        'Check quotes, brackets, colons and indentation here and above.',
      ];
  }
}

/** An open quote is noticed at the end of the file; it is shown where it opens. */
function startOfError({ code, pos }: YAMLError, doc: Document.Parsed): number {
  if (code !== 'MISSING_CHAR') return pos[0];
  let start = pos[0];
  visit(doc, {
    Scalar(_, { type, range }) {
      const isQuoted = type === Scalar.QUOTE_DOUBLE || type === Scalar.QUOTE_SINGLE;
      if (isQuoted && range && range[0] < pos[0] && pos[0] <= range[1] + 1) start = range[0];
    },
  });
  return start;
}

/** One slip of the pen often makes several errors on its line; the first tells it. */
function firstPerLine(findings: readonly Finding[]): Finding[] {
  const seen = new Set<number>();
  return findings.filter(({ line }) => !seen.has(line) && seen.add(line));
}
