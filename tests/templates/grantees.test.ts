import { readFileSync } from 'node:fs';
import type { Plan } from '../../lib/domain/agreement/plan/plan';
import { listGrantees } from '../../lib/domain/audit/records/list-grantees';
import type { Room } from '../../lib/domain/room/room';
import { buildRoom } from '../../lib/stacks/build-room';
import { TELCO_RETAIL_PLAN } from '../fixtures/plan';
import { makeRoom } from '../fixtures/room';
import { asMap, type Json, newApp } from '../fixtures/template';

/* What the audit reads as letting a stranger in is nothing that a deployment of the room does. */

const ACCOUNTS = { account: '999900001111', logArchiveAccount: '999900002222' };
const ROOM = makeRoom({ ...ACCOUNTS, region: 'eu-central-1', sftp: { kind: 'off' } });
const [USAGE, PURCHASES] = TELCO_RETAIL_PLAN.legs;
const PLANS: readonly Plan[] = [
  TELCO_RETAIL_PLAN,
  {
    ...TELCO_RETAIL_PLAN,
    agreement: { ...TELCO_RETAIL_PLAN.agreement, id: 'other-ways' },
    legs: [
      { ...USAGE!, via: { kind: 'lake-formation' } },
      { ...PURCHASES!, via: { kind: 'api' } },
    ],
  },
];
const KNOWN = new Set([
  ...Object.values(ACCOUNTS),
  ...PLANS.flatMap(({ parties }) => parties.map(({ account }) => account)),
]);

/** With names in place of what only a deployment knows. */
function resolve(value: Json): Json {
  if (Array.isArray(value)) return value.map((each: Json) => resolve(each));
  if (typeof value !== 'object' || value === null) return value;
  const { Ref, 'Fn::Join': joined, 'Fn::GetAtt': attribute, ...others } = asMap(value);
  if (Ref !== undefined) return Ref === 'AWS::Partition' ? 'aws' : String(Ref);
  if (Array.isArray(joined)) {
    const parts = resolve(joined[1]);
    return Array.isArray(parts) ? parts.join(String(joined[0])) : parts;
  }
  if (Array.isArray(attribute)) return attribute.join('.');
  return Object.fromEntries(Object.entries(others).map(([name, each]) => [name, resolve(each)]));
}

function listPolicies(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value.flatMap((each: Json) => listPolicies(each));
  if (typeof value !== 'object' || value === null) return [];
  return 'Statement' in value ? [value] : Object.values(value).flatMap(listPolicies);
}

test.each<[string, Room]>([
  ['for all', ROOM],
  ['of a party', { ...ROOM, topology: { kind: 'peer', party: 'telco' } }],
])('no policy of a room %s lets anybody in but the room and the parties', (_, room) => {
  const app = newApp();
  buildRoom(app, room, PLANS);
  const policies = app.synth().stacks.flatMap(({ templateFullPath }) => {
    const template: Json = JSON.parse(readFileSync(templateFullPath, 'utf8'));
    return listPolicies(resolve(template));
  });
  expect(policies.length).toBeGreaterThan(100);
  const admitted = new Set(policies.flatMap((policy) => listGrantees({ policy })));
  expect([...admitted].filter((each) => !KNOWN.has(each))).toEqual([]);
  // And of those it sees some.
  expect([...admitted]).toContain('444455556666');
});
