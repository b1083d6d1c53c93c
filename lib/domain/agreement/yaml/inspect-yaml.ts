import { type Alias, type Document, isMap, isNode, isScalar, type Node, type Pair, visit, type YAMLMap } from 'yaml';

/** What stands in a YAML document, found in one walk over it. */
export interface YamlInspection {
  /** Keys, tags and aliases that YAML allows and an agreement does not. */
  readonly faults: readonly YamlFault[];
  /** What each alias stands for. */
  readonly targets: ReadonlyMap<Alias, Node>;
  /** The pairs of each map by key; of a key that is there twice, the last, as in the value. */
  readonly pairs: ReadonlyMap<YAMLMap, ReadonlyMap<string, Pair>>;
}

interface YamlFault {
  readonly offset: number;
  readonly problem: string;
  readonly remedy: string;
  /** Whether the document must not be made into a value. */
  readonly isFatal: boolean;
}

/** Names that JavaScript objects have by themselves: refused so that no reader of the agreement can trip over them. */
const RESERVED_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const PLAIN_TAG = /^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/;

/** `maxUnfolded`: characters that the aliases may stand for, all together. */
export function inspectYaml(doc: Document.Parsed, maxUnfolded: number): YamlInspection {
  const faults: YamlFault[] = [];
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  const pairs = new Map<YAMLMap, ReadonlyMap<string, Pair>>();
  let unfolded = 0;
  const report = (node: unknown, problem: string, remedy: string, isFatal = true) => {
    faults.push({ offset: startOf(isNode(node) ? node : undefined), problem, remedy, isFatal });
  };

  const inspectMap = (map: YAMLMap) => {
    const known = new Map<string, Pair>();
    for (const pair of map.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : '';
      if (known.has(key)) report(pair.key, `the key \`${key}\` is there twice`, 'Keep one of them.', false);
      if (RESERVED_KEYS.has(key)) report(pair.key, `\`${key}\` cannot be used as a key or a name`, 'Use another name.');
      if (key === '<<') {
        report(
          pair.key,
          'merge keys (`<<`) are not part of YAML 1.2',
          'Write the keys out, or use an alias for a whole value.',
        );
      }
      known.set(key, pair);
    }
    pairs.set(map, known);
  };
  const inspectAlias = (alias: Alias) => {
    const target = anchors.get(alias.source);
    if (target === undefined) {
      const remedy = `Put \`&${alias.source}\` where the value is first written, or write the value out.`;
      report(alias, `no anchor \`&${alias.source}\` comes before this alias`, remedy);
      return;
    }
    const [start, , end] = target.range ?? [0, 0, 0];
    unfolded += end - start;
    if (start <= startOf(alias) && startOf(alias) < end) {
      report(alias, `the alias \`*${alias.source}\` stands inside what it names`, 'Write the value out.');
    } else if (unfolded > maxUnfolded) {
      report(alias, 'the aliases up to here stand for far too much', 'Write the values out.');
    }
    targets.set(alias, target);
  };

  visit(doc, {
    Value(_, node) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
      if (node.tag !== undefined && !PLAIN_TAG.test(node.tag)) {
        report(node, `the tag \`${node.tag}\` means nothing here`, 'Remove it.', false);
      }
      if (isMap(node)) inspectMap(node);
    },
    Alias: (_, node) => inspectAlias(node),
  });
  return { faults, targets, pairs };
}

export function startOf(node: Node | null | undefined): number {
  return node?.range?.[0] ?? 0;
}
