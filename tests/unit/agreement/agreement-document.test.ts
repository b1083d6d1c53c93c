import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseExpression } from '../../../lib/domain/agreement/expressions/parse-expression';
import { CONTROL_IDS } from '../../../lib/domain/agreement/plan/control-ids';
import type { ColumnType } from '../../../lib/domain/agreement/plan/plan';
import { planAgreement } from '../../../lib/domain/agreement/plan/plan-agreement';
import { buildAgreementJsonSchema } from '../../../lib/domain/agreement/schema/agreement-json-schema';
import { parseHierarchy } from '../../../lib/domain/privacy/hierarchies/parse-hierarchy';
import { parseText, parseValidCase } from './agreement-cases';

const DOCUMENT = readFileSync(join(__dirname, '../../../docs/agreement.md'), 'utf8');

function blocksOf(language: string): string[] {
  return [...DOCUMENT.matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)]
    .filter(([, name]) => name === language)
    .map(([, , block]) => block ?? '');
}

test('its example is valid without a warning', () => {
  const [example] = blocksOf('yaml');
  expect(parseText(example ?? '')).toMatchObject({ kind: 'valid', warnings: [] });
});

test('its checks and its hierarchy can be read', () => {
  const columns = new Map<string, ColumnType>([
    ['minutes', { kind: 'integer' }],
    ['plan', { kind: 'string' }],
    ['month', { kind: 'date' }],
    ['paid', { kind: 'boolean' }],
    ['price', { kind: 'double' }],
    ['first name', { kind: 'string' }],
  ]);
  const checks = blocksOf('').flatMap((block) => block.trim().split('\n'));
  expect(checks.map((check) => parseExpression(check, columns).kind)).toEqual(Array(4).fill('condition'));
  expect(blocksOf('csv').map((block) => parseHierarchy('segment.csv', block).kind)).toEqual(['rows']);
});

test('it names every key of the language', () => {
  const unnamed = keysOf(buildAgreementJsonSchema()).filter((key) => !new RegExp(`\\b${key}\\b`).test(DOCUMENT));
  expect(unnamed).toEqual([]);
});

test('its table of controls is the catalogue, and tells which are the room’s', () => {
  const rows = [...DOCUMENT.matchAll(/^\| `([a-z.-]+)` \| .* \| (in every release|by the deployed room) \|$/gm)];
  const { controls } = planAgreement(parseValidCase('every-treatment.yaml'));
  expect(rows.map(([, id]) => id)).toEqual([...CONTROL_IDS]);
  expect(rows.map(([, id, where]) => [id, where])).toEqual(
    controls.map(({ id, enforcedBy }) => [id, enforcedBy === 'room' ? 'by the deployed room' : 'in every release']),
  );
});

function keysOf(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) => [
    ...(key === 'properties' ? Object.keys(value) : []),
    ...keysOf(value),
  ]);
}
