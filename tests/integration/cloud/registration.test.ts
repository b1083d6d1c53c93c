import { generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { openDynamoStore } from '../../../lambda/shared/dynamo-store';
import type { Plan } from '../../../lib/domain/agreement/plan/plan';
import { writeStatement } from '../../../lib/domain/agreement/signature';
import { openRegistry } from '../../../lib/domain/registry/registry';
import { readExamplePlan } from '../../fixtures/example-plan';
import { makeRoom } from '../../fixtures/room';
import { askRoom } from '../../local-cloud/ask-room';
import { type LocalRoom, startLocalRoom } from '../../local-cloud/start-local-room';
import { tryFaults } from '../../local-cloud/try-faults';

/* The first thing that happens in a room: an agreement's stack puts its version on record. Later, an amendment. */

const PLAN = readExamplePlan('telco-retail');
const { id: AGREEMENT } = PLAN.agreement;
const STACK = `BarterAgreement-${AGREEMENT}`;
const NOW = '2026-03-01T00:00:00.000Z';
const NEW_ACCOUNT = '777788889999';
const AMENDED: Plan = {
  ...PLAN,
  agreement: { ...PLAN.agreement, version: 2, content: 'd2'.repeat(32) },
  parties: PLAN.parties.map((party) => (party.id === 'telco' ? { ...party, account: NEW_ACCOUNT } : party)),
};
const KEYS = new Map(PLAN.parties.map(({ id }) => [id, generateKeyPairSync('ed25519')]));

let local: LocalRoom;
let serial = 0;

beforeAll(async () => {
  local = await startLocalRoom({ room: makeRoom(), plans: [PLAN], proposed: [AMENDED] });
});

afterAll(() => local.stop());

test('from its stack to an amendment in force, broken off at any call, throttled or unanswered: it ends as if it had not been', async () => {
  const signAll = (plan: Plan) =>
    PLAN.parties.map(
      ({ id, account }) =>
        () =>
          sign(plan, id, account),
    );
  // While nothing has been signed there is nothing to amend, and the stack that proposes it is told so.
  const deploy = (request: 'Create' | 'Update') => () =>
    local.deployCustomResources(STACK, request).catch((error: Error) => {
      if (!error.message.includes('NothingToAmend')) throw error;
    });
  const { end, runs } = await tryFaults({
    name: 'an agreement put on record, signed and amended',
    rooms: [local],
    steps: [deploy('Create'), ...signAll(PLAN), deploy('Update'), ...signAll(AMENDED), deploy('Update')],
    look: async () => {
      const records = (await scan()).map(({ pk, sk }) => `${pk?.S} ${sk?.S}`);
      const { version, proposed, state, provisioned, history } = (await current())!;
      return {
        records: records.filter((each) => !each.startsWith('decisions#')),
        current: { version, proposed, state, provisioned: provisioned.version },
        history: history.map(({ act }) => act),
      };
    },
  });
  expect(end.current).toMatchObject({ version: 2, state: 'signed', provisioned: 1 });
  expect(runs).toBeGreaterThan(15);
}, 1_800_000);

test('an agreement is put on record by its stack, as often as it is deployed, and nothing is proposed to amend a draft', async () => {
  await expect(local.deployCustomResources(STACK)).rejects.toThrow('NothingToAmend');
  const once = await scan();
  await expect(local.deployCustomResources(STACK, 'Update')).rejects.toThrow('NothingToAmend');
  expect(await scan()).toEqual(once);
  expect(once.map(({ pk, sk }) => `${pk?.S} ${sk?.S}`)).toEqual([
    `room agreement#${AGREEMENT}`,
    `agreement#${AGREEMENT} current`,
    `agreement#${AGREEMENT} version#0000000001`,
  ]);
});

test('an amendment with another account is signed while the stack goes on as the version in force says', async () => {
  for (const { id, account } of PLAN.parties) expect(await sign(PLAN, id, account)).toBe(201);
  await local.deployCustomResources(STACK, 'Update');
  expect(await current()).toMatchObject({ version: 1, proposed: 2, provisioned: { version: 1 } });
  // Until all have signed, doors know nobody by what the amendment says of who is a party already.
  expect(await sign(AMENDED, 'telco', NEW_ACCOUNT)).toBe(403);
  for (const { id, account } of PLAN.parties) expect(await sign(AMENDED, id, account)).toBe(201);
  expect(await current()).toMatchObject({ version: 2, provisioned: { version: 1 } });
  // As long as nothing is drawn anew, what stands may be deployed again.
  await local.deployCustomResources(STACK, 'Update');
  expect(await current()).toMatchObject({ version: 2, provisioned: { version: 1 } });
});

test('no function asks for more than its role has', () => {
  expect(local.gateway.calls.length).toBeGreaterThan(0);
  expect(local.gateway.calls.filter(({ refused }) => refused.length > 0)).toEqual([]);
});

async function sign({ agreement }: Plan, party: string, account: string): Promise<number> {
  const { version, content } = agreement;
  const { publicKey: key, privateKey } = KEYS.get(party)!;
  const statement = writeStatement({ agreement: AGREEMENT, version, content, party });
  const publicKey = key.export({ type: 'spki', format: 'der' }).toString('base64');
  const signature = signBytes(null, statement, privateKey).toString('base64');
  const body = { version, content, algorithm: 'ed25519', publicKey, signature };
  serial += 1;
  const question = { agreement: AGREEMENT, account, id: `request-${serial}`, now: NOW } as const;
  return (await askRoom(local, { ...question, operation: 'sign-version', body })).status;
}

function current() {
  const { REGISTRY_TABLE } = local.environmentOf('register-agreement');
  const store = openDynamoStore(new DynamoDBClient(local.clientConfig), REGISTRY_TABLE!);
  return openRegistry(store).current(AGREEMENT).read();
}

async function scan() {
  const { REGISTRY_TABLE } = local.environmentOf('register-agreement');
  const { Items = [] } = await new DynamoDBClient(local.clientConfig).send(
    new ScanCommand({ TableName: REGISTRY_TABLE }),
  );
  return Items.sort((a, b) => String(a.sk?.S).localeCompare(String(b.sk?.S)));
}
