import { planForSide } from '../../lib/domain/agreement/plan/plan-for-side';
import type { SftpEndpoint } from '../../lib/domain/room/room';
import { IntakeStack } from '../../lib/stacks/intake/intake-stack';
import { findingsOf } from '../fixtures/findings';
import { TELCO_RETAIL_PLAN } from '../fixtures/plan';
import { resourcesOf, statementsOf } from '../fixtures/template';
import { BUS, ENV, KEY, ROOM, standInForRoom } from './room-stand-in';

const PUBLIC: SftpEndpoint = { kind: 'public' };
const VPC: SftpEndpoint = { kind: 'vpc', vpcId: 'vpc-0a1b2c3d', subnetIds: ['subnet-0a1b2c3d', 'subnet-4e5f6071'] };

function stackFor(sftp: SftpEndpoint, cidrs: readonly string[] = ['203.0.113.0/24', '2001:db8::/32']): IntakeStack {
  const parties = TELCO_RETAIL_PLAN.parties.map((party) => ({ ...party, sftp: { publicKeys: ['k'], cidrs } }));
  const plans = [planForSide({ ...TELCO_RETAIL_PLAN, parties }, { kind: 'hosted' })];
  const { app, ...places } = standInForRoom();
  return new IntakeStack(app, 'Intake', { ...ENV, plans, sftp, ...places });
}

const open = stackFor(PUBLIC);
const serverOf = (stack: IntakeStack) =>
  resourcesOf(stack, 'AWS::Transfer::Server').map(({ properties }) => properties)[0];
const rules = (stack: IntakeStack) =>
  resourcesOf(stack, 'AWS::Events::Rule').map(({ properties }) => properties.EventPattern);
const functionNamed = (prefix: string) =>
  resourcesOf(open, 'AWS::Lambda::Function').find(({ id }) => id.startsWith(prefix));

/** What the function's role may do beside its own log, trace and dead letters. */
function permissionsOf(prefix: string) {
  const policy = resourcesOf(open, 'AWS::IAM::Policy').find(({ id }) => id.startsWith(`${prefix}Permissions`));
  return statementsOf(open)
    .filter(({ resource }) => resource.id === policy?.id)
    .map(({ actions, resources, conditions }) => ({ actions, resources, conditions }));
}

test('a room without SFTP has no server, and still takes uploads', () => {
  const closed = stackFor({ kind: 'off' });
  expect(resourcesOf(closed, 'AWS::Transfer::Server')).toEqual([]);
  expect(resourcesOf(closed, 'AWS::Lambda::Function').map(({ id }) => id)).toEqual([
    expect.stringMatching(/^Register/),
    expect.stringMatching(/^PresignUpload/),
    expect.stringMatching(/^PresignDownload/),
    expect.stringMatching(/^StartErasure/),
  ]);
  expect(rules(closed)).toHaveLength(1);
});

describe('the SFTP server', () => {
  test('signs in by key alone, by the decision of our own function, with current ciphers', () => {
    expect(serverOf(open)).toMatchObject({
      Domain: 'S3',
      Protocols: ['SFTP'],
      EndpointType: 'PUBLIC',
      IdentityProviderType: 'AWS_LAMBDA',
      IdentityProviderDetails: {
        Function: { 'Fn::GetAtt': [functionNamed('AuthorizeSftp')?.id, 'Arn'] },
        SftpAuthenticationMethods: 'PUBLIC_KEY',
      },
      SecurityPolicyName: 'TransferSecurityPolicy-2025-03',
    });
  });

  test('logs every command where only the log service writes for this account', () => {
    const [log] = resourcesOf(open, 'AWS::Logs::LogGroup').filter(({ id }) => id.startsWith('SftpLog'));
    expect(serverOf(open)?.StructuredLogDestinations).toEqual([{ 'Fn::GetAtt': [log?.id, 'Arn'] }]);
    expect(log).toMatchObject({ deletionPolicy: 'Retain', properties: { KmsKeyId: expect.anything() } });
    const [policy] = resourcesOf(open, 'AWS::Logs::ResourcePolicy');
    const text = JSON.stringify(policy?.properties.PolicyDocument);
    expect(text).toContain('delivery.logs.amazonaws.com');
    expect(text).toContain(`\\"aws:SourceAccount\\":\\"${ROOM}\\"`);
  });

  test('alone may ask who may sign in', () => {
    const permissions = resourcesOf(open, 'AWS::Lambda::Permission').map(({ properties }) => properties);
    expect(permissions.filter(({ Principal }) => !/^(apigateway|logs)\.amazonaws\.com$/.test(`${Principal}`))).toEqual([
      expect.objectContaining({
        Action: 'lambda:InvokeFunction',
        Principal: 'transfer.amazonaws.com',
        SourceAccount: ROOM,
        SourceArn: { 'Fn::GetAtt': [expect.stringContaining('SftpServer'), 'Arn'] },
      }),
    ]);
  });

  test('tells one function, and no log but its own does, of whom it did not let in', () => {
    const [log] = resourcesOf(open, 'AWS::Logs::LogGroup').filter(({ id }) => id.startsWith('SftpLog'));
    const noted = { 'Fn::GetAtt': [functionNamed('NoteRefusedKeys')?.id, 'Arn'] };
    const told = resourcesOf(open, 'AWS::Logs::SubscriptionFilter').map(({ properties }) => properties);
    expect(told).toEqual([{ DestinationArn: noted, FilterPattern: '"AUTH_FAILURE"', LogGroupName: { Ref: log?.id } }]);
    const permissions = resourcesOf(open, 'AWS::Lambda::Permission').map(({ properties }) => properties);
    expect(permissions.filter(({ Principal }) => Principal === 'logs.amazonaws.com')).toMatchObject([
      { FunctionName: noted, SourceArn: { 'Fn::GetAtt': [log?.id, 'Arn'] } },
    ]);
  });

  test('in a VPC is reached from the agreed ranges alone', () => {
    const stack = stackFor(VPC);
    expect(serverOf(stack)).toMatchObject({
      EndpointType: 'VPC',
      EndpointDetails: { VpcId: 'vpc-0a1b2c3d', SubnetIds: ['subnet-0a1b2c3d', 'subnet-4e5f6071'] },
    });
    const [firewall] = resourcesOf(stack, 'AWS::EC2::SecurityGroup');
    expect(firewall?.properties.SecurityGroupIngress).toMatchObject([
      { CidrIpv6: '2001:db8::/32', FromPort: 22, ToPort: 22, IpProtocol: 'tcp' },
      { CidrIp: '203.0.113.0/24', FromPort: 22, ToPort: 22, IpProtocol: 'tcp' },
    ]);
    expect(findingsOf(stack)).toEqual([]);
  });

  test('in a VPC refuses more ranges than its firewall holds', () => {
    const cidrs = Array.from({ length: 61 }, (_, index) => `203.0.113.${index}/32`);
    expect(() => resourcesOf(stackFor(VPC, cidrs))).toThrow('let 61 address ranges sign in');
    expect(() => resourcesOf(stackFor(VPC, cidrs.slice(1)))).not.toThrow();
  });
});

describe('the functions', () => {
  const table = { 'Fn::GetStackOutput': expect.objectContaining({ OutputName: expect.stringContaining('Registry') }) };

  const decisions = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['decisions#*', 'knocks#*'] } };

  test('who decides on a sign-in reads the registry, records its decisions, and changes nothing that they rest on', () => {
    const keys = { 'dynamodb:LeadingKeys': ['decisions#*', 'knocks#*'] };
    for (const each of ['AuthorizeSftp', 'NoteRefusedKeys'])
      expect(permissionsOf(each)).toEqual([
        { actions: ['dynamodb:GetItem', 'dynamodb:Query'], resources: [table], conditions: {} },
        { actions: ['kms:Decrypt'], resources: [KEY], conditions: {} },
        { actions: ['dynamodb:PutItem'], resources: [table], conditions: { 'ForAllValues:StringLike': keys } },
      ]);
  });

  test('who puts agreements on record cannot delete one', () => {
    expect(permissionsOf('RegisterAgreement')).toEqual([
      { actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'], resources: [table], conditions: {} },
      { actions: ['kms:Decrypt'], resources: [KEY], conditions: {} },
    ]);
  });

  test('who signs links to upload by can put an object by such a link alone, while it is young, and read none', () => {
    const viaS3 = { StringEquals: { 'kms:ViaService': ['s3.eu-central-1.amazonaws.com'] } };
    expect(permissionsOf('PresignUpload')).toEqual([
      { actions: ['dynamodb:GetItem', 'dynamodb:Query'], resources: [table], conditions: {} },
      { actions: ['kms:Decrypt'], resources: [KEY], conditions: {} },
      { actions: ['dynamodb:PutItem'], resources: [table], conditions: decisions },
    ]);
    expect(permissionsOf('PresignUploadLinkRole')).toEqual([
      {
        actions: ['s3:PutObject'],
        resources: ['arn:aws:s3:::landing/*/*/upload/*'],
        conditions: {
          StringEquals: { 's3:authType': ['REST-QUERY-STRING'] },
          NumericLessThanEquals: { 's3:signatureAge': ['900000'] },
        },
      },
      { actions: ['kms:GenerateDataKey'], resources: [KEY], conditions: viaS3 },
    ]);
  });

  test('who signs links to read by can read a release that was published, by such a link, while it is young, and change none', () => {
    const viaS3 = { StringEquals: { 'kms:ViaService': ['s3.eu-central-1.amazonaws.com'] } };
    expect(permissionsOf('PresignDownload').slice(2)).toEqual([
      {
        actions: ['dynamodb:PutItem'],
        resources: [table],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['decisions#*', 'knocks#*', 'budgets#*'] } },
      },
      {
        actions: ['s3:ListBucket'],
        resources: ['arn:aws:s3:::lake'],
        conditions: { StringLike: { 's3:prefix': ['*/*/round=*'] } },
      },
    ]);
    expect(permissionsOf('PresignDownloadLinkRole')).toEqual([
      {
        actions: ['s3:GetObject'],
        resources: ['arn:aws:s3:::lake/*/*/round=*'],
        conditions: {
          StringEquals: { 's3:authType': ['REST-QUERY-STRING'] },
          NumericLessThanEquals: { 's3:signatureAge': ['900000'] },
        },
      },
      { actions: ['kms:Decrypt'], resources: [KEY], conditions: viaS3 },
    ]);
  });

  test.each(['PresignUpload', 'PresignDownload'])(
    'the role that links are signed with is taken on by that one function, in a session that names its decision: %s',
    (signs) => {
      const [role] = resourcesOf(open, 'AWS::IAM::Role').filter(({ id }) => id.startsWith(`${signs}LinkRole`));
      const [signer] = resourcesOf(open, 'AWS::IAM::Role').filter(({ id }) => id.startsWith(`${signs}Role`));
      const [policy] = resourcesOf(open, 'AWS::IAM::Policy').filter(({ id }) =>
        id.startsWith(`${signs}LinkRoleMayAssume`),
      );
      const arn = { 'Fn::GetAtt': [role?.id, 'Arn'] };
      expect(role?.id).toBeDefined();
      expect(functionNamed(signs)?.properties).toMatchObject({ Environment: { Variables: { LINK_ROLE_ARN: arn } } });
      expect(policy?.properties).toMatchObject({
        PolicyDocument: { Statement: [{ Action: 'sts:AssumeRole', Resource: arn }] },
        Roles: [{ Ref: signer?.id }],
      });
      expect(role?.properties.AssumeRolePolicyDocument).toMatchObject({
        Statement: [
          {
            Action: 'sts:AssumeRole',
            Principal: { AWS: { 'Fn::GetAtt': [signer?.id, 'Arn'] } },
            Condition: { StringLike: { 'sts:RoleSessionName': '*@link' } },
          },
        ],
      });
    },
  );

  test('who has subjects erased puts that and its decisions on record, changes nothing else, and reads whose tokens are in a release', () => {
    const leading = { 'dynamodb:LeadingKeys': ['decisions#*', 'knocks#*', 'erasures#*'] };
    expect(permissionsOf('StartErasure')).toEqual([
      { actions: ['dynamodb:GetItem', 'dynamodb:Query'], resources: [table], conditions: {} },
      { actions: ['kms:Decrypt'], resources: [KEY], conditions: {} },
      { actions: ['dynamodb:PutItem'], resources: [table], conditions: { 'ForAllValues:StringLike': leading } },
      // More than a day takes, to whoever runs the room.
      { actions: ['events:PutEvents'], resources: [expect.stringMatching(/:event-bus\/room$/)], conditions: {} },
      {
        actions: ['s3:GetObject'],
        resources: [expect.stringMatching(/:::lake\/_escrow\/\*\.tokens$/)],
        conditions: {},
      },
      {
        actions: ['s3:ListBucket'],
        resources: [expect.stringMatching(/:::lake$/)],
        conditions: { StringLike: { 's3:prefix': ['_escrow/*.tokens'] } },
      },
    ]);
  });

  test('nobody here reads what is delivered, and none but that one writes', () => {
    const allowed = statementsOf(open).filter(({ effect }) => effect === 'Allow');
    const actions = allowed.flatMap((statement) => statement.actions).filter((action) => action.startsWith('s3:'));
    // The last two are of tables of tokens.
    expect(actions).toEqual(['s3:PutObject', 's3:GetObject', 's3:ListBucket', 's3:GetObject', 's3:ListBucket']);
  });

  test('what is asked for here is asked for by IAM principals alone, each at one route of the API', () => {
    const routes = resourcesOf(open, 'AWS::ApiGatewayV2::Route').map(({ properties }) => properties);
    expect(routes).toEqual([
      expect.objectContaining({ RouteKey: 'POST /agreements/{agreement}/uploads', AuthorizationType: 'AWS_IAM' }),
      expect.objectContaining({
        RouteKey: 'GET /agreements/{agreement}/releases/{release}/files',
        AuthorizationType: 'AWS_IAM',
      }),
      expect.objectContaining({ RouteKey: 'POST /agreements/{agreement}/erasures', AuthorizationType: 'AWS_IAM' }),
    ]);
    const integrations = resourcesOf(open, 'AWS::ApiGatewayV2::Integration');
    expect(integrations.map(({ properties }) => properties.IntegrationUri)).toEqual(
      ['PresignUpload', 'PresignDownload', 'StartErasure'].map((name) => ({
        'Fn::GetAtt': [functionNamed(name)?.id, 'Arn'],
      })),
    );
  });
});

test("every upload that is whole is told on the room's bus", () => {
  expect(rules(open)).toEqual([
    {
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: ['landing'] }, object: { key: [{ wildcard: '*/*/upload/*' }] } },
    },
    {
      source: ['aws.transfer'],
      'detail-type': ['SFTP Server File Upload Completed'],
      detail: { 'server-id': [{ 'Fn::GetAtt': [expect.stringContaining('SftpServer'), 'ServerId'] }] },
    },
  ]);
  const targets = resourcesOf(open, 'AWS::Events::Rule').flatMap(({ properties }) => properties.Targets ?? []);
  expect(targets).toHaveLength(2);
  for (const target of targets) expect(target).toMatchObject({ Arn: BUS });
});

test('the stack has no finding of the AwsSolutions rules', () => {
  expect(findingsOf(open)).toEqual([]);
});
