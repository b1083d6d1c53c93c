import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { CONTROL_IDS } from '../../../../lib/domain/agreement/plan/control-ids';
import { buildAgreementJsonSchema } from '../../../../lib/domain/agreement/schema/agreement-json-schema';
import { DPV_PURPOSES } from '../../../../lib/domain/agreement/schema/dpv-purposes';
import { starterAgreement } from '../../../../lib/domain/agreement/starter-agreement';
import { listCases, readCase } from '../agreement-cases';

const schema = buildAgreementJsonSchema();
const ajv = addFormats(new Ajv2020({ allErrors: true, allowUnionTypes: true }));
const isValid = ajv.compile(schema);

test('it names itself and its draft', () => {
  expect(schema).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: expect.stringMatching(/^https:/),
    title: 'Barter agreement',
    description: expect.any(String),
    $defs: { DpvPurpose: { enum: DPV_PURPOSES }, Control: { enum: CONTROL_IDS } },
  });
});

test.each([...listCases('valid'), 'the starter'])('%s fits', (name) => {
  isValid(parse(name === 'the starter' ? starterAgreement : readCase('valid', name)));
  expect(isValid.errors ?? []).toEqual([]);
});

/** Whatever the schema alone can tell, without comparing one place with another. */
test.each([
  'top-level.yaml',
  'everything-missing.yaml',
  'wrong-kinds.yaml',
  'parties.yaml',
  'one-party.yaml',
  'term.yaml',
  'column-types.yaml',
  'treatments.yaml',
  'generalisation.yaml',
  'cleaning.yaml',
  'privacy.yaml',
  'legs.yaml',
  'no-legs.yaml',
  'clauses.yaml',
  'fairness.yaml',
])('%s does not fit', (name) => {
  expect(isValid(parse(readCase('invalid', name)))).toBe(false);
});

test.each([
  [
    'an unknown key',
    (text: string) => text.replace('owner: telco', 'owner: telco\n    ownr: telco'),
    '/datasets/usage',
  ],
  [
    'a misspelt purpose',
    (text: string) => text.replace('CommercialResearch', 'CommercialResaerch'),
    '/legs/1/purposes/0',
  ],
  [
    'an account as a number',
    (text: string) => text.replace('"111122223333"', '111122223333'),
    '/parties/telco/account',
  ],
  ['a clause that binds to nothing', (text: string) => text.replace(', legalOnly: true', ''), '/clauses/3'],
  [
    'a clause that binds twice',
    (text: string) => text.replace('control: privacy.k', 'control: privacy.k, legalOnly: true'),
    '/clauses/0',
  ],
  [
    'two ways to generalise',
    (text: string) => text.replace('widths: [5, 10, 20]', 'widths: [5], prefixes: [1]'),
    '/datasets/usage/columns/age/generalise',
  ],
  ['a percentage above 100', (text: string) => text.replace('2%', '102%'), '/datasets/usage/clean/rejectAbove'],
])('%s is told where it stands', (_, change, path) => {
  const text = readCase('valid', 'telco-retail.yaml');
  expect(change(text)).not.toBe(text);
  expect(isValid(parse(change(text)))).toBe(false);
  expect(isValid.errors?.map(({ instancePath }) => instancePath)).toContain(path);
});

test('every key is described, so that an editor can explain it', () => {
  expect(undescribed(schema)).toEqual([]);
});

function undescribed(part: unknown, path = '#'): string[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) => {
    const here = `${path}/${key}`;
    const missing =
      key === 'properties'
        ? Object.entries(value).flatMap(([name, property]) =>
            typeof property === 'object' && property !== null && 'description' in property ? [] : [`${here}/${name}`],
          )
        : [];
    return [...missing, ...undescribed(value, here)];
  });
}
