import type { Delivery, Plan } from '../../lib/domain/agreement/plan/plan';
import { planForSide, type SidePlan } from '../../lib/domain/agreement/plan/plan-for-side';
import type { Side } from '../../lib/domain/agreement/plan/side';
import { readSessionName } from '../../lib/domain/audit/records/session-name';
import { listPrincipals } from '../../lib/domain/enforcement/registration/list-principals';
import type { SftpEndpoint } from '../../lib/domain/room/room';
import { AgreementStack } from '../../lib/stacks/agreement/agreement-stack';
import { findingsOf } from '../fixtures/findings';
import { describeResource } from '../fixtures/least-privilege';
import { planNamed, TELCO_RETAIL_PLAN } from '../fixtures/plan';
import { makeCrowdedPlan } from '../fixtures/sample-plan';
import { resourcesOf, statementsOf } from '../fixtures/template';
import { judgeConditions } from '../local-cloud/judge-conditions';
import { readStatement } from '../local-cloud/read-statement';
import { ENV, KEY, LAKE, LANDING, LEDGER, ROOM, standInForRoom } from './room-stand-in';

const HOSTED: Side = { kind: 'hosted' };
const SFTP = { publicKeys: ['ssh-ed25519 AAAA'], cidrs: ['203.0.113.0/24'] };
const WITH_SFTP = {
  ...TELCO_RETAIL_PLAN,
  parties: TELCO_RETAIL_PLAN.parties.map((party) => ({ ...party, sftp: SFTP })),
};

interface Drawn {
  readonly hasSftp?: boolean;
  readonly warehouses?: readonly string[];
  readonly proposed?: SidePlan;
  readonly sftpServer?: { readonly id: string; readonly endpoint: SftpEndpoint };
}

function stackFor(plan: SidePlan, { hasSftp = true, warehouses = [], ...drawn }: Drawn = {}) {
  const { app, registry, ...room } = standInForRoom();
  return new AgreementStack(app, 'Agreement', { ...ENV, ...room, plan, hasSftp, warehouses, ...drawn });
}

const hosted = planForSide(WITH_SFTP, HOSTED);
const stack = stackFor(hosted);
const allows = statementsOf(stack).filter(({ effect }) => effect === 'Allow');

/** What the role with this description may do: actions → resources. */
function permissionsOf(of: AgreementStack, description: string) {
  const role = resourcesOf(of, 'AWS::IAM::Role').find(({ properties }) => properties.Description === description)!;
  return statementsOf(of)
    .filter(({ resource, principals }) => resource.id === role.id && principals.length === 0)
    .map(({ actions, resources, conditions }) => ({ actions, resources, conditions }));
}

function trustOf(of: AgreementStack, description: string) {
  return statementsOf(of)
    .filter(({ resource, principals }) => resource.properties.Description === description && principals.length > 0)
    .map(({ effect, principals, conditions }) => ({ effect, principals, conditions }));
}

const viaS3 = { StringEquals: { 'kms:ViaService': ['s3.eu-central-1.amazonaws.com'] } };

const GCS: Delivery = { kind: 'gcs', bucket: 'warehouse', serviceAccountSubjectId: '123451234512345' };
const READS = { kind: 'sftp' } as const;
const RECEIVING = planForSide(
  { ...WITH_SFTP, legs: WITH_SFTP.legs.map((leg) => (leg.to === 'retail' ? { ...leg, via: READS } : leg)) },
  HOSTED,
);

/** The statements on data of what a role may do, and the paths of the API that it may ask at. */
function splitPermissions(of: AgreementStack, description: string) {
  const all = permissionsOf(of, description);
  const isAsking = ({ actions }: { readonly actions: readonly string[] }) => actions.includes('execute-api:Invoke');
  const asked = all.filter(isAsking).flatMap(({ resources }) => resources.map(describeResource));
  return { data: all.filter((each) => !isAsking(each)), asked: asked.map((arn) => arn.split('/$default/').at(-1)) };
}

const partyRole = (party: string) =>
  `Barter telco-retail-2026: as what ${party} delivers by S3, reads its outbox and asks the room`;
const sftpRole = (party: string) => `Barter telco-retail-2026: what ${party} does by SFTP`;
const delivers = (way: string) => {
  const under = `telco-retail-2026/purchases/${way}/*`;
  return [
    { actions: ['s3:PutObject'], resources: [`${LANDING}/${under}`], conditions: {} },
    { actions: ['s3:ListBucket'], resources: [LANDING], conditions: { StringLike: { 's3:prefix': [under] } } },
  ];
};
const outbox = (party: string) => {
  const under = `outbox/telco-retail-2026/${party}/*`;
  return [
    { actions: ['s3:GetObject'], resources: [`${LEDGER}/${under}`], conditions: {} },
    { actions: ['s3:ListBucket'], resources: [LEDGER], conditions: { StringLike: { 's3:prefix': [under] } } },
  ];
};
const useKey = { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [KEY], conditions: viaS3 };

describe('a party', () => {
  test('delivers by S3 under its own prefix, lists it, reads and deletes nothing, and asks about its agreement', () => {
    expect(trustOf(stack, partyRole('retail'))).toEqual([
      {
        effect: 'Allow',
        principals: [['AWS', 'arn:aws:iam::444455556666:root']],
        conditions: { StringNotLike: { 'sts:RoleSessionName': expect.any(Array) } },
      },
    ]);
    const { data, asked } = splitPermissions(stack, partyRole('retail'));
    expect(data).toEqual([...delivers('upload'), ...outbox('retail'), useKey]);
    expect(asked.sort()).toEqual(
      [
        'GET/agreements/telco-retail-2026',
        'GET/agreements/telco-retail-2026/*',
        ...[
          'attestations',
          'confirmations',
          'erasures',
          'notices',
          'overrulings',
          'problems',
          'receipts',
          'resumptions',
          'signatures',
          'suspensions',
          'uploads',
        ].map((what) => `POST/agreements/telco-retail-2026/${what}`),
      ].sort(),
    );
  });

  test('delivers by SFTP under its own prefix, by a role of the server of this account', () => {
    expect(trustOf(stack, sftpRole('retail'))).toEqual([
      {
        effect: 'Allow',
        principals: [['Service', 'transfer.amazonaws.com']],
        conditions: { StringEquals: { 'aws:SourceAccount': [ROOM] } },
      },
    ]);
    expect(permissionsOf(stack, sftpRole('retail'))).toEqual([...delivers('sftp'), useKey]);
  });

  test('that receives by SFTP reads the inbox of its leg besides, and no release that waits', () => {
    const inbox = 'telco-retail-2026/telco-retail-usage/inbox/*';
    expect(permissionsOf(stackFor(RECEIVING), sftpRole('retail'))).toEqual([
      ...delivers('sftp'),
      { actions: ['s3:GetObject'], resources: [`${LAKE}/${inbox}`], conditions: {} },
      { actions: ['s3:ListBucket'], resources: [LAKE], conditions: { StringLike: { 's3:prefix': [inbox] } } },
      useKey,
    ]);
  });

  test('has a role by the name that the hand-over types', () => {
    const names = resourcesOf(stack, 'AWS::IAM::Role').flatMap(({ properties }) => properties.RoleName ?? []);
    expect(names.sort()).toEqual(['barter-party-telco-retail-2026.retail', 'barter-party-telco-retail-2026.telco']);
  });

  test('has sessions of an hour, as IAM sets it where nothing is said', () => {
    for (const { properties } of resourcesOf(stack, 'AWS::IAM::Role'))
      expect(properties).not.toHaveProperty('MaxSessionDuration');
  });

  test.each([
    ['the room has no server', hosted, false],
    ['the party has no keys', planForSide(TELCO_RETAIL_PLAN, HOSTED), true],
    ['it neither gives nor receives so', planForSide(WITH_SFTP, { kind: 'peer', party: 'nobody' }), true],
  ])('has no SFTP role where %s', (_, plan, hasSftp) => {
    const services = statementsOf(stackFor(plan, { hasSftp })).flatMap(({ principals }) => principals.flat());
    expect(services).not.toContain('transfer.amazonaws.com');
  });
});

test.each([
  ['nightly', true],
  ['anna.m@s-kreditbank.example', true],
  ['telco-retail-2026.retail.0123456789abcdef@s-0123456789abcdef0', false],
  ['request-1@link', false],
  ['AWSLF-00-AT-444455556666-x', false],
])('whoever comes in under the name %s is let in: %s', (name, isLetIn) => {
  expect(readSessionName(`arn:aws:sts::${ROOM}:assumed-role/R/${name}`) === undefined).toBe(isLetIn);
  const doors = statementsOf(stack).filter(
    ({ actions, principals }) =>
      actions.includes('sts:AssumeRole') && principals.some(([, who]) => /\d{12}/.test(String(who))),
  );
  expect(doors).toHaveLength(2);
  for (const { conditions } of doors) {
    const { conditions: read } = readStatement({ Effect: 'Allow', Action: '*', Resource: '*', Condition: conditions });
    expect(judgeConditions(read, () => [name])).toBe(isLetIn ? 'holds' : 'fails');
  }
});

describe('who reads raw data', () => {
  test('is none of the roles that an agreement brings: the landing bucket knows none of them', () => {
    const readers = allows.filter(
      ({ actions, resources }) =>
        actions.includes('s3:GetObject') && resources.some((resource) => String(resource).startsWith(LANDING)),
    );
    expect(readers).toEqual([]);
    expect(JSON.stringify(resourcesOf(stack, 'AWS::IAM::Role'))).not.toContain('barter-reads');
    // A session that brings its own tags could say of itself that it may read.
    expect(statementsOf(stack).flatMap(({ actions }) => actions)).not.toContain('sts:TagSession');
  });

  test("is nobody from outside in a party's own room, where only its own deliveries come in", () => {
    const own = stackFor(planForSide(WITH_SFTP, { kind: 'peer', party: 'telco' }));
    const outside = statementsOf(own).filter(({ principals }) =>
      principals.some(([, who]) => String(who).includes('444455556666')),
    );
    const roles = outside.filter(({ actions }) => actions.includes('sts:AssumeRole'));
    expect(new Set(outside.flatMap(({ actions }) => actions))).toEqual(new Set(['events:PutEvents', 'sts:AssumeRole']));
    // A partner comes in to ask about the agreement and to fetch what is in its outbox, and can do nothing with data: not even
    // ask for a link to upload by.
    expect(roles.map(({ resource }) => resource.properties.RoleName)).toEqual([
      'barter-party-telco-retail-2026.retail',
    ]);
    const { data, asked } = splitPermissions(own, partyRole('retail'));
    expect(data).toEqual([...outbox('retail'), { ...useKey, actions: ['kms:Decrypt'] }]);
    expect(asked.filter((path) => path?.includes('uploads'))).toEqual([]);
    expect(JSON.stringify(resourcesOf(own, 'AWS::IAM::Role'))).not.toContain('purchases');
  });
});

test('partner principals appear for their own agreement, to come in and to tell, and nowhere else', () => {
  const partners = allows.filter(({ principals }) =>
    principals.some(([, who]) => /111122223333|444455556666/.test(String(who))),
  );
  const acts = new Set(partners.map(({ resource, actions }) => `${resource.type} ${actions}`));
  expect([...acts].sort()).toEqual(['AWS::Events::EventBus events:PutEvents', 'AWS::IAM::Role sts:AssumeRole']);
  const uploaders = partners.filter(({ resource }) => resource.type === 'AWS::IAM::Role');
  expect(uploaders.map(({ resource }) => resource.properties.RoleName)).toEqual([
    'barter-party-telco-retail-2026.telco',
    'barter-party-telco-retail-2026.retail',
  ]);
});

test('nothing is allowed by a wildcard action, nor to everybody', () => {
  expect(allows).not.toEqual([]);
  for (const { actions, principals } of allows) {
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
    expect(principals.map(([, who]) => who)).not.toContain('*');
  }
});

describe('a leg', () => {
  test('has a key of its own, of which who makes releases or erases from them alone makes secrets, and nothing is encrypted', () => {
    const keys = resourcesOf(stack, 'AWS::KMS::Key');
    expect(keys).toHaveLength(2);
    for (const key of keys) expect(key).toMatchObject({ deletionPolicy: 'Retain', updateReplacePolicy: 'Retain' });
    const uses = statementsOf(stack).filter(({ sid }) => sid === 'MakeSecretsOnly');
    expect(uses).toHaveLength(2);
    for (const { actions, conditions } of uses) {
      expect(actions).toEqual(['kms:GenerateMac']);
      expect(conditions).toEqual({ StringEquals: { 'kms:MacAlgorithm': ['HMAC_SHA_256'] } });
    }
    for (const { properties } of keys)
      expect(properties).toMatchObject({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
    for (const { principals } of uses)
      expect(principals).toEqual(
        ['eraser', 'job', 'replacer'].map((name) => ['AWS', `arn:aws:iam::${ROOM}:role/${name}`]),
      );
  });

  test('by data grant has a data set of its own, kept when the stack goes, and no event action: that is the receiver’s', () => {
    const sets = resourcesOf(stack, 'AWS::DataExchange::DataSet');
    expect(
      sets.map(({ properties, deletionPolicy }) => [properties.Name, properties.AssetType, deletionPolicy]),
    ).toEqual([
      ['telco-retail-2026/telco-retail-usage', 'S3_SNAPSHOT', 'Retain'],
      ['telco-retail-2026/retail-telco-purchases', 'S3_SNAPSHOT', 'Retain'],
    ]);
    expect(resourcesOf(stack, 'AWS::DataExchange::EventAction')).toEqual([]);
  });

  test.each<[string, number]>([
    ['product', 1],
    ['lake-formation', 0],
    ['sftp', 0],
    ['api', 0],
    ['query-only', 0],
  ])('by %s has %i data sets', (kind, count) => {
    const via = (kind === 'product' ? { kind, productId: 'prod-1' } : { kind }) as Delivery;
    const plan = planForSide({ ...TELCO_RETAIL_PLAN, legs: [{ ...TELCO_RETAIL_PLAN.legs[0]!, via }] }, HOSTED);
    expect(resourcesOf(stackFor(plan), 'AWS::DataExchange::DataSet')).toHaveLength(count);
  });

  test("of another party's room has nothing here", () => {
    const own = stackFor(planForSide(WITH_SFTP, { kind: 'peer', party: 'telco' }));
    expect(resourcesOf(own, 'AWS::DataExchange::DataSet').map(({ properties }) => properties.Name)).toEqual([
      'telco-retail-2026/telco-retail-usage',
    ]);
  });
});

test("partners tell the room what became of a release on the agreement's own bus, all but the one whose room it is", () => {
  const tellers = (side: Side) =>
    resourcesOf(stackFor(planForSide(WITH_SFTP, side)), 'AWS::Events::EventBus').map(({ properties }) =>
      JSON.stringify(properties.Policy),
    );
  const [telco, retail] = ['111122223333', '444455556666'];
  expect(tellers(HOSTED).filter((statement) => statement.includes(telco!))).not.toEqual([]);
  for (const side of [
    { kind: 'hosted', operator: 'telco' },
    { kind: 'peer', party: 'telco' },
  ] as const) {
    expect(tellers(side).filter((statement) => statement.includes(telco!))).toEqual([]);
    expect(tellers(side).filter((statement) => statement.includes(retail!))).not.toEqual([]);
  }
  expect(resourcesOf(stack, 'AWS::Events::EventBus').map(({ properties }) => properties.Name)).toEqual([
    'barter-telco-retail-2026',
  ]);
});

test('the term is told when it starts, when it is over, and when all is to be gone, and every day that it is deployed', () => {
  const schedules = resourcesOf(stack, 'AWS::Scheduler::Schedule').map(({ properties }) => properties);
  expect(schedules.map((schedule) => [schedule.ScheduleExpression, schedule.Target])).toMatchObject([
    ['cron(0 0 1 1 ? 2026)', { EventBridgeParameters: { Source: 'barter.room', DetailType: 'term-starts' } }],
    ['cron(0 0 1 1 ? 2027)', { EventBridgeParameters: { DetailType: 'term-ends' } }],
    ['cron(0 0 31 1 ? 2027)', { EventBridgeParameters: { DetailType: 'destruction-due' } }],
    ['cron(0 1 * * ? *)', { EventBridgeParameters: { Source: 'barter.room', DetailType: 'Agreement Deployed' } }],
  ]);
  for (const { ScheduleExpressionTimezone } of schedules) expect(ScheduleExpressionTimezone).toBe('UTC');
});

test('the record holds the version, its hash, and what was made', () => {
  const [record] = resourcesOf(stack, 'Custom::AgreementRecord');
  expect(record?.properties).toMatchObject({
    Agreement: 'telco-retail-2026',
    Version: '1',
    Hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    Provisioned: {
      sftpRoles: { telco: expect.anything(), retail: expect.anything() },
      dataSets: { 'telco-retail-usage': expect.anything(), 'retail-telco-purchases': expect.anything() },
    },
  });
});

test('it holds which server assumes the roles of SFTP users, and is made anew where that may have become another', () => {
  const of = (endpoint: SftpEndpoint) =>
    resourcesOf(stackFor(hosted, { sftpServer: { id: 's-1', endpoint } }), 'Custom::AgreementRecord')[0]?.properties;
  expect(of({ kind: 'public' })).toMatchObject({
    Provisioned: { sftpServer: 's-1' },
    SftpEndpoint: '{"kind":"public"}',
  });
  expect(of({ kind: 'public' })?.Plan).toEqual(of({ kind: 'vpc', vpcId: 'vpc-1', subnetIds: ['subnet-1'] })?.Plan);
  expect(of({ kind: 'public' })).not.toEqual(of({ kind: 'vpc', vpcId: 'vpc-1', subnetIds: ['subnet-1'] }));
  expect(resourcesOf(stack, 'Custom::AgreementRecord')[0]?.properties).not.toHaveProperty('Provisioned.sftpServer');
});

describe('an amendment that waits for signatures', () => {
  const bank = { ...TELCO_RETAIL_PLAN.parties[0]!, id: 'bank', account: '777788889999' };
  const amended: Plan = {
    ...WITH_SFTP,
    agreement: { ...WITH_SFTP.agreement, version: 2 },
    parties: [...WITH_SFTP.parties.map((party) => ({ ...party, account: party.account.replace(/.$/, '0') })), bank],
    legs: WITH_SFTP.legs.map((leg) => ({ ...leg, via: GCS })),
  };
  const waiting = stackFor(hosted, { proposed: planForSide(amended, HOSTED) });
  const signs = (party: string) => `Barter telco-retail-2026: as what ${party} signs`;

  /** Accounts, addresses and identities of others, wherever in the resources they stand. */
  const outsiders = (of: AgreementStack, types = /^AWS::/) => {
    const text = JSON.stringify(resourcesOf(of).filter(({ type }) => types.test(type)));
    const found = [...text.matchAll(/\b\d{12}\b|[\w.]+@[\w.]+|accounts\.google\.com:sub":"[^"]+/g)].map(([all]) => all);
    return new Set(found.filter((each) => each !== ROOM));
  };

  test('changes nothing that the version in force draws; who comes with it may sign, and nothing else', () => {
    const withoutSteps = (of: AgreementStack) =>
      resourcesOf(of).filter(
        ({ type, properties }) => type !== 'Custom::AgreementProposal' && properties.Description !== signs('bank'),
      );
    const stripped = withoutSteps(waiting).map(({ dependsOn, ...each }) => ({
      ...each,
      dependsOn: dependsOn.filter((id) => !id.startsWith('Bybank')),
    }));
    expect(stripped).toEqual(withoutSteps(stack));
    expect(trustOf(waiting, signs('bank')).map(({ principals }) => principals)).toEqual([
      [['AWS', 'arn:aws:iam::777788889999:root']],
    ]);
    expect(splitPermissions(waiting, signs('bank'))).toEqual({
      data: [],
      asked: ['POST/agreements/telco-retail-2026/signatures'],
    });
  });

  test('who signs with it has one role, by one name, before and after: CloudFormation changes it, and makes no second', () => {
    const legs = [...amended.legs, { ...amended.legs[0]!, id: 'telco-bank-usage', to: 'bank' }];
    const after = stackFor(planForSide({ ...amended, legs }, HOSTED));
    const byName = (of: AgreementStack) =>
      Object.fromEntries(
        resourcesOf(of, 'AWS::IAM::Role').flatMap(({ id, properties: { RoleName: name } }) =>
          typeof name === 'string' && name.startsWith('barter-party-') ? [[name, id]] : [],
        ),
      );
    expect(Object.keys(byName(after))).toHaveLength(3);
    expect(byName(waiting)).toEqual(byName(after));
  });

  test('no resource names anybody whom the version that it is drawn from does not', () => {
    for (const plan of [hosted, planForSide(amended, HOSTED)]) {
      const named = new Set(listPrincipals(plan).map(({ who }) => who));
      const drawn = stackFor(plan, { warehouses: plan.legs.map(({ id }) => `telco-retail-2026/${id}`) });
      const found = [...outsiders(drawn)].map((each) => each.replace('accounts.google.com:sub":"', ''));
      expect(found.length).toBeGreaterThan(4);
      expect(found.filter((each) => !named.has(each))).toEqual([]);
    }
    expect([...outsiders(waiting)].filter((each) => !outsiders(stack).has(each))).toEqual(['777788889999']);
  });

  test('all that is drawn waits for the admission, and the record for all of it', () => {
    const all = resourcesOf(waiting);
    const only = (type: string) => all.find((each) => each.type === type)!;
    const [admission, record, proposal] = ['Admission', 'Record', 'Proposal'].map((step) =>
      only(`Custom::Agreement${step}`),
    );
    expect(admission?.dependsOn).toEqual([]);
    const drawn = all.filter(({ type }) => !type.startsWith('Custom::'));
    for (const { id, dependsOn } of drawn)
      expect({ id, waits: dependsOn.includes(admission!.id) }).toEqual({ id, waits: true });
    expect(drawn.filter(({ id }) => !record!.dependsOn.includes(id))).toEqual([]);
    expect(proposal?.dependsOn).toContain(record!.id);
    expect(proposal?.properties).toMatchObject({ Step: 'propose', Version: '2' });
    expect(proposal?.properties.Provisioned).toBeUndefined();
  });
});

test('a party that has no dealings with a peer’s room signs there all the same', () => {
  const bank = { ...TELCO_RETAIL_PLAN.parties[0]!, id: 'bank', account: '777788889999' };
  const peer = stackFor(
    planForSide({ ...WITH_SFTP, parties: [...WITH_SFTP.parties, bank] }, { kind: 'peer', party: 'telco' }),
  );
  expect(splitPermissions(peer, 'Barter telco-retail-2026: as what bank signs')).toEqual({
    data: [],
    asked: ['POST/agreements/telco-retail-2026/signatures'],
  });
});

test('a plan that the registry cannot hold is refused', () => {
  const clause = {
    ...TELCO_RETAIL_PLAN.clauses[0]!,
    text: Array.from({ length: 60_000 }, (_, n) => (n * n * 7919).toString(36)).join(),
  };
  expect(() => resourcesOf(stackFor(planForSide({ ...TELCO_RETAIL_PLAN, clauses: [clause] }, HOSTED)))).toThrow(
    /^telco-retail-2026: the plan is .* Shorten its hierarchy files/,
  );
});

describe('an agreement of many parties', () => {
  const ringOf = (parties: number, legs: number) => planForSide(makeCrowdedPlan(parties, legs), HOSTED);

  test('is one stack: thirty that give to one another', () => {
    const ring = stackFor(ringOf(30, 30));
    expect(resourcesOf(ring).length).toBeLessThanOrEqual(460);
    expect(JSON.stringify(resourcesOf(ring)).length).toBeLessThan(1_000_000);
  });

  test('is refused where it is more than a stack can hold', () => {
    expect(() => stackFor(ringOf(12, 60))).toThrow(
      /^district: 60 legs make a stack of \d+ resources, and a room takes 460\. Make two agreements/,
    );
  });
});

describe('letters', () => {
  test('each contact is subscribed once, to what names it and nothing else', () => {
    const subscribed = resourcesOf(stack, 'AWS::SNS::Subscription').map(({ properties }) => [
      properties.Protocol,
      properties.Endpoint,
      properties.FilterPolicy,
    ]);
    const { parties } = hosted;
    expect(subscribed).toEqual(
      parties.flatMap(({ id, contacts }) =>
        (['exchange', 'privacy'] as const).map((contact) => ['email', contacts[contact], { to: [`${id}:${contact}`] }]),
      ),
    );
  });

  test('are under the key for notices, and no policy lets anybody write them', () => {
    const [topic] = resourcesOf(stack, 'AWS::SNS::Topic');
    expect(topic?.properties.KmsMasterKeyId).toBeDefined();
    const policies = resourcesOf(stack, 'AWS::SNS::TopicPolicy').map(({ properties }) => JSON.stringify(properties));
    expect(policies.filter((policy) => policy.includes('"Effect":"Allow"'))).toEqual([]);
  });
});

test('another agreement changes nothing in the stack of this one', () => {
  const { app, registry, ...room } = standInForRoom();
  const both = ['telco-retail-2026', 'another-one'].map(
    (id) =>
      new AgreementStack(app, id, {
        ...ENV,
        ...room,
        plan: planForSide({ ...planNamed(id), parties: WITH_SFTP.parties }, HOSTED),
        hasSftp: true,
        warehouses: [],
      }),
  );
  const { app: own, registry: _, ...alone } = standInForRoom();
  const single = new AgreementStack(own, 'telco-retail-2026', {
    ...ENV,
    ...alone,
    plan: hosted,
    hasSftp: true,
    warehouses: [],
  });
  expect(resourcesOf(both[0]!)).toEqual(resourcesOf(single));
});

test('the stack has no finding of the AwsSolutions rules that it does not answer for', () => {
  expect(findingsOf(stack)).toEqual([]);
});

test('what is read with Lake Formation’s credentials is told of legs that have a quota, and of no other', () => {
  const rulesOf = (plan: SidePlan) =>
    resourcesOf(stackFor(plan), 'AWS::Events::Rule').filter(({ id }) => id.startsWith('LakeReads'));
  expect(rulesOf(hosted)).toEqual([]);
  const quota = { bytes: 1000 };
  const via = { kind: 'lake-formation' } as const;
  const legs = WITH_SFTP.legs.map((leg, index) => ({ ...leg, via, ...(index === 0 && { quota }) }));
  const [rule, ...more] = rulesOf(planForSide({ ...WITH_SFTP, legs }, HOSTED));
  expect(more).toEqual([]);
  expect(rule?.properties).toMatchObject({
    EventPattern: {
      source: ['aws.s3'],
      detail: {
        eventName: ['GetObject'],
        userIdentity: { arn: [{ wildcard: '*/AWSLF-*' }] },
        requestParameters: { bucketName: ['lake'], key: [{ prefix: `telco-retail-2026/${legs[0]!.id}/` }] },
      },
    },
    Targets: [{ Arn: expect.stringContaining(':accesses') }],
  });
  expect(rule?.properties).not.toHaveProperty('EventBusName');
});
