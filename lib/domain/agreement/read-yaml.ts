import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  Scalar,
  visit,
  type YAMLError,
} from 'yaml';
import type { Finding } from './finding';
import { type DocumentPath, formatPath, type Remark } from './remark';

/** A YAML file as plain data that still knows where each thing stands. */
export interface YamlFile {
  readonly value: unknown;
  place(remark: Remark): Finding;
}

export interface YamlReading {
  /** Absent when the text has no structure that could be looked at further. */
  readonly yaml?: YamlFile;
  readonly findings: readonly Finding[];
}

const MAX_CHARACTERS = 1024 * 1024;
const MAX_ALIAS_COUNT = 100;

/** Names that JavaScript objects have by themselves: refused so that no reader of the agreement can trip over them. */
const RESERVED_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** Reads one YAML 1.2 document. Never throws; whatever is wrong is a finding. */
export function readYaml(file: string, source: string): YamlReading {
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
  const lines = new LineCounter();
  const finding = (offset: number, problem: string, remedy: string, path = ''): Finding => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { severity: 'error', file, line: Math.max(line, 1), column: Math.max(col, 1), path, problem, remedy };
  };
  const refuse = (...findings: Finding[]): YamlReading => ({ findings });

  if (text.length > MAX_CHARACTERS) {
    return refuse(
      finding(0, 'the file is larger than 1 MiB', 'An agreement is a few pages; put long lists into hierarchy files.'),
    );
  }
  const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true, schema: 'core' });
  const odd = /[^\P{Cc}\t\r\n]|\uFFFD/u.exec(text);
  if (odd !== null)
    return refuse(
      finding(
        odd.index,
        'here stands a control character, or text that is not UTF-8',
        'Remove the character, or save the file as UTF-8.',
      ),
    );

  const exhausted = doc.errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  if (exhausted !== undefined) {
    return refuse(
      finding(
        exhausted.pos[0],
        'lists or maps are nested too deep here',
        'Write the agreement with few levels, as `barter init` shows.',
      ),
    );
  }
  const findings = firstPerLine(doc.errors.map((error) => finding(startOfError(error, doc), ...explain(error, text))));
  if (doc.errors.some(({ code }) => code !== 'DUPLICATE_KEY' && code !== 'MULTIPLE_DOCS')) return refuse(...findings);

  if (doc.contents === null || (isScalar(doc.contents) && doc.contents.value === null)) {
    return refuse(finding(0, 'the file is empty', 'Write an agreement; `barter init` writes one to start from.'));
  }
  if (!isMap(doc.contents)) {
    return refuse(
      finding(
        doc.contents.range?.[0] ?? 0,
        'the file is not a map',
        'Start with `agreement: name-of-the-agreement`, one key per line.',
      ),
    );
  }
  const structural = checkStructure(doc, finding);
  findings.push(...structural.findings);
  if (structural.isUnsafe) return refuse(...findings);

  let value: unknown;
  try {
    value = doc.toJS({ maxAliasCount: MAX_ALIAS_COUNT });
  } catch {
    return refuse(
      ...findings,
      finding(structural.firstAlias ?? 0, 'the aliases (`*name`) unfold into far too much', 'Write the values out.'),
    );
  }
  const place = (remark: Remark): Finding => {
    const { offset, path } = locate(doc, text, remark);
    return { ...finding(offset, remark.problem, remark.remedy, formatPath(path)), severity: remark.severity };
  };
  return { yaml: { value, place }, findings };
}

function explain({ code, message, pos }: YAMLError, text: string): [problem: string, remedy: string] {
  switch (code) {
    case 'DUPLICATE_KEY': {
      const key = text.slice(pos[0]).match(/^["']?([^\s:"',}]{1,60})/)?.[1] ?? '';
      return [`the key \`${key}\` is there twice`, 'Keep one of them.'];
    }
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
        `this is not YAML: ${lowerFirst(message)}`,
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

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** One slip of the pen often makes several errors on its line; the first tells it. */
function firstPerLine(findings: readonly Finding[]): Finding[] {
  const seen = new Set<number>();
  return findings.filter(({ line }) => !seen.has(line) && seen.add(line));
}

/** Keys and aliases that YAML allows and an agreement does not. */
function checkStructure(doc: Document.Parsed, finding: (offset: number, problem: string, remedy: string) => Finding) {
  const findings: Finding[] = [];
  let isUnsafe = false;
  let firstAlias: number | undefined;
  const start = (node: unknown) => (isNode(node) ? (node.range?.[0] ?? 0) : 0);
  visit(doc, {
    Node(_, node) {
      if (
        'tag' in node &&
        node.tag !== undefined &&
        !/^tag:yaml.org,2002:(str|int|float|bool|null|map|seq)$/.test(node.tag)
      ) {
        findings.push(finding(start(node), `the tag \`${node.tag}\` means nothing here`, 'Remove it.'));
      }
    },
    Pair(_, pair) {
      const key = isScalar(pair.key) ? String(pair.key.value) : '';
      if (RESERVED_KEYS.has(key)) {
        findings.push(finding(start(pair.key), `\`${key}\` cannot be used as a key or a name`, 'Use another name.'));
        isUnsafe = true;
      } else if (key === '<<') {
        findings.push(
          finding(
            start(pair.key),
            'merge keys (`<<`) are not part of YAML 1.2',
            'Write the keys out, or use an alias for a whole value.',
          ),
        );
        isUnsafe = true;
      }
    },
    Alias(_, node) {
      firstAlias ??= start(node);
      const target = node.resolve(doc);
      const isInside = target?.range && target.range[0] <= start(node) && start(node) < target.range[2];
      if (target !== undefined && !isInside) return;
      findings.push(
        isInside
          ? finding(start(node), `the alias \`*${node.source}\` stands inside what it names`, 'Write the value out.')
          : finding(
              start(node),
              `no anchor \`&${node.source}\` comes before this alias`,
              `Put \`&${node.source}\` where the value is first written, or write the value out.`,
            ),
      );
      isUnsafe = true;
    },
  });
  return { findings, isUnsafe, firstAlias };
}

/** Where the thing a remark is about stands, or the nearest thing around it; and its path as the file has it. */
function locate(doc: Document.Parsed, text: string, remark: Remark): { offset: number; path: DocumentPath } {
  let path = remark.path;
  let node: Node | null | undefined = doc.contents;
  let key: Node | undefined;
  for (const [depth, part] of remark.path.entries()) {
    const around: Node | null | undefined = isAlias(node) ? node.resolve(doc) : node;
    if (part === 0 && isScalar(around)) {
      // What may be one or a list of several is checked as a list; here it is one.
      path = path.slice(0, depth);
      continue;
    }
    const pair: Pair | undefined = isMap(around)
      ? around.items.findLast((item) => isScalar(item.key) && String(item.key.value) === part)
      : undefined;
    const item: unknown = isSeq(around) && typeof part === 'number' ? around.items[part] : undefined;
    if (pair === undefined && !isNode(item)) return { offset: startOf(key ?? node), path };
    key = pair !== undefined && isNode(pair.key) ? pair.key : undefined;
    const value: unknown = pair === undefined ? item : pair.value;
    node = isNode(value) ? value : null;
  }
  if (remark.at === 'key' || !isScalar(node)) return { offset: startOf(isAlias(node) ? node : (key ?? node)), path };
  return { offset: startOf(node) + (remark.offset === undefined ? 0 : offsetInside(node, text, remark.offset)), path };
}

const startOf = (node: Node | null | undefined) => node?.range?.[0] ?? 0;

/** Characters from the start of a scalar to the place `offset` characters into its value; 0 where escapes or folds hide it. */
function offsetInside(node: Scalar, text: string, offset: number): number {
  const before = String(node.value).slice(0, offset);
  const written = node.type === Scalar.QUOTE_SINGLE ? before.replaceAll("'", "''") : before;
  const quote = node.type === Scalar.QUOTE_SINGLE || node.type === Scalar.QUOTE_DOUBLE ? 1 : 0;
  return text.startsWith(written, startOf(node) + quote) ? quote + written.length : 0;
}
