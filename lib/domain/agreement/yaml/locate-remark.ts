import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node, Scalar } from 'yaml';
import { startOf, type YamlInspection } from './inspect-yaml';
import type { DocumentPath, Remark } from './remark';

/**
 * The offset of what a remark is about: of a plain value itself, of a map or list its key; or of the nearest thing around
 * it that exists. And its path as the file has it.
 */
export function locateRemark(
  doc: Document.Parsed,
  { targets, pairs }: Pick<YamlInspection, 'targets' | 'pairs'>,
  text: string,
  remark: Remark,
): { readonly offset: number; readonly path: DocumentPath } {
  let path = remark.path;
  let node: Node | null | undefined = doc.contents;
  let key: Node | undefined;
  for (const [depth, part] of remark.path.entries()) {
    const around: Node | null | undefined = isAlias(node) ? targets.get(node) : node;
    if (part === 0 && isScalar(around)) {
      // What may be one or a list of several is checked as a list; here it is one.
      path = path.slice(0, depth);
      continue;
    }
    const pair = isMap(around) ? pairs.get(around)?.get(String(part)) : undefined;
    const item: unknown = isSeq(around) && typeof part === 'number' ? around.items[part] : undefined;
    if (pair === undefined && !isNode(item)) return { offset: startOf(key ?? node), path };
    key = pair !== undefined && isNode(pair.key) ? pair.key : undefined;
    const value: unknown = pair === undefined ? item : pair.value;
    node = isNode(value) ? value : null;
  }
  if (remark.at === 'key' || !isScalar(node)) return { offset: startOf(isAlias(node) ? node : (key ?? node)), path };
  return { offset: startOf(node) + (remark.offset === undefined ? 0 : offsetInside(node, text, remark.offset)), path };
}

/** Characters from the start of a scalar to the place `offset` characters into its value; 0 where escapes or folds hide it. */
function offsetInside(node: Scalar, text: string, offset: number): number {
  const before = String(node.value).slice(0, offset);
  const written = node.type === Scalar.QUOTE_SINGLE ? before.replaceAll("'", "''") : before;
  const quote = node.type === Scalar.QUOTE_SINGLE || node.type === Scalar.QUOTE_DOUBLE ? 1 : 0;
  return text.startsWith(written, startOf(node) + quote) ? quote + written.length : 0;
}
