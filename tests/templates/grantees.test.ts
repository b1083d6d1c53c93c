import { readFileSync } from 'node:fs';
import type { Plan } from '../../lib/domain/agreement/plan';
import { listGrantees } from '../../lib/domain/audit/records/list-grantees';
import type { Room } from '../../lib/domain/room/room';
import { buildRoom } from '../../lib/stacks/build-room';
import { TELCO_RETAIL_PLAN } from '../fixtures/plan';
import { type Json, newApp } from '../fixtures/template';

/* What the audit reads as letting a stranger in is nothing that a deployment of the room does. */

const ROOM: Room = {
  account: '999900001111',
  region: 'eu-central-1',
  logArchiveAccount: '999900002222',
  agreements: 'agreements',
  retention: { deliveries: 30, results: 30, replaced: 30, accessLogs: 365, logs: 365 },
  topology: { kind: 'hosted' },
  sftp: { kind: 'off' },
  jobs: { flex: false, maxWorkers: 10 },
  alarms: [],
  auditors: [],
  warehouses: [],
};
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
  ROOM.account,
  ROOM.logArchiveAccount,
  ...PLANS.flatMap(({ parties }) => parties.map(({ account }) => account)),
]);

/** With names in place of what only a deployment knows. */
function resolve(value: Json): Json {
  if (Array.isArray(value)) return value.map((each: Json) => resolve(each));
  if (typeof value !== 'object' || value === null) return value;
  const map = value as Readonly<Record<string, Json>>;
  if (map.Ref !== undefined) return map.Ref === 'AWS::Partition' ? 'aws' : String(map.Ref);
  const joined = map['Fn::Join'];
  if (Array.isArray(joined)) return (resolve(joined[1] as Json) as readonly Json[]).map(String).join(String(joined[0]));
  const attribute = map['Fn::GetAtt'];
  if (Array.isArray(attribute)) return attribute.join('.');
  return Object.fromEntries(Object.entries(map).map(([name, each]) => [name, resolve(each)]));
}

function listPolicies(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value.flatMap((each: Json) => listPolicies(each));
  if (typeof value !== 'object' || value === null) return [];
  const map = value as Readonly<Record<string, Json>>;
  return map.Statement === undefined ? Object.values(map).flatMap(listPolicies) : [map];
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
