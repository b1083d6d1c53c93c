import { INTEGER, VARCHAR } from '@duckdb/node-api';
import { groupNeighbours } from '../../domain/privacy/treatments/group-neighbours';
import type { LegKeys } from '../engine';
import { assertReplaceable } from '../mapping/assert-replaceable';
import { createFormatPreserver } from '../mapping/preserve-format';
import { type MappingTable, REPLACEMENTS } from '../sql/prepare-treatment';
import { all, canonicalText, column, named, number, table } from '../sql/rendering/expressions';
import type { SqlExpression } from '../sql/rendering/sql-expression';
import { appendRows } from './append-rows';
import type { DuckDbSession } from './duckdb-session';
import { fillTable } from './fill-table';

/** Makes the table of a column's values and what is released in their place. */
export async function makeMapping(session: DuckDbSession, mapping: MappingTable, keys: LegKeys): Promise<void> {
  const { name, listed, values, query, treatment, column: planned } = mapping;
  await session.createTable(listed, values);
  assertReplaceable(planned.name, treatment.kind, await session.countRows(listed));
  await fillTable(session, REPLACEMENTS, describeReplacements(0, []));
  if (treatment.kind === 'microaggregate') await mergeNeighbours(session, mapping);
  else await preserveFormats(session, mapping, keys);
  await session.createTable(name, query);
  for (const helper of [listed, REPLACEMENTS]) await session.dropTable(helper);
}

/** Values that this process holds at a time. */
const BATCH = 10_000;

async function preserveFormats(session: DuckDbSession, mapping: MappingTable, keys: LegKeys): Promise<void> {
  const { column: planned, treatment, listed } = mapping;
  if (treatment.kind !== 'format-preserving') return;
  const preserve = createFormatPreserver(planned.name, treatment, keys.formatPreserving);
  const total = await session.countRows(listed);
  for (let first = 0; first < total; first += BATCH) {
    const [texts = []] = await session.read({
      columns: [named('text', canonicalText(column('value')))],
      from: table(listed),
      where: all([compareCode('>=', first), compareCode('<', first + BATCH)]),
      orderBy: [{ by: column('code') }],
    });
    const replaced = texts.map((text) => preserve(String(text)));
    await appendRows(session, REPLACEMENTS, describeReplacements(first, replaced));
  }
}

function compareCode(op: '>=' | '<', right: number): SqlExpression {
  return { kind: 'compare', op, left: column('code'), right: number(right) };
}

async function mergeNeighbours(session: DuckDbSession, { treatment, listed }: MappingTable) {
  if (treatment.kind !== 'microaggregate') return;
  const [subjects = []] = await session.read({
    columns: [named('subjects', column('subjects'))],
    from: table(listed),
    orderBy: [{ by: column('code') }],
  });
  const groups = groupNeighbours(subjects.map(Number), treatment.k);
  await appendRows(session, REPLACEMENTS, describeReplacements(0, groups.map(writeGroup)));
}

function writeGroup(group: number | null): string | null {
  return group === null ? null : String(group);
}

function describeReplacements(first: number, texts: readonly (string | null)[]) {
  return [
    { name: 'code', type: INTEGER, values: Uint32Array.from(texts, (_, index) => first + index) },
    { name: 'text', type: VARCHAR, values: texts },
  ];
}
