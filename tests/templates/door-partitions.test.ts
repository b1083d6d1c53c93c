import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Policy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RegistryTable } from '../../lib/stacks/enforcement/registry-table';
import { identifyCall, type Need } from '../local-cloud/identify-call';
import { readStatement } from '../local-cloud/read-statement';
import { judgeNeed } from '../local-cloud/role-policy';
import { readRoomTemplates } from '../local-cloud/room-templates';

/* What the local cloud lets a door write: of the registry's table the partitions that its role in the template names. */

const PLACE = { account: '123456789012', region: 'eu-central-1' };

function makeDoor() {
  const stack = new Stack(new App(), 'Room');
  const table = new RegistryTable(stack, 'Table', new Key(stack, 'Key'));
  const role = new Role(stack, 'Door', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const statements = table.allowRecording('decision', 'budget');
  const policy = new Policy(stack, 'May', { roles: [role], statements });
  const idOf = (construct: { readonly node: { readonly defaultChild?: unknown } }) =>
    stack.getLogicalId(construct.node.defaultChild as Parameters<Stack['getLogicalId']>[0]);
  const template = Template.fromStack(policy.stack).toJSON();
  const templates = readRoomTemplates([{ stack: 'Room', template: template as never }], { ...PLACE, ids: new Map() });
  return { statements: templates.statementsOf('Room', idOf(role)), table: templates.nameOf('Room', idOf(table)) };
}

const door = makeDoor();

function listNeeds(operation: string, input: object): readonly Need[] {
  const headers = {
    authorization: 'AWS4-HMAC-SHA256 Credential=KEY/20260101/eu-central-1/dynamodb/aws4_request, SignedHeaders=host',
    'x-amz-target': `DynamoDB_20120810.${operation}`,
  };
  const body = Buffer.from(JSON.stringify(input));
  return identifyCall({ method: 'POST', url: new URL('http://local/'), headers, body }, PLACE).needs;
}

const itemOf = (pk: string) => ({ TableName: door.table, Item: { pk: { S: pk }, sk: { S: 'current' } } });
const keyOf = (pk: string) => ({ TableName: door.table, Key: { pk: { S: pk }, sk: { S: 'current' } } });
const isAllowed = (need: Need) => judgeNeed(door.statements, need).allowed;

test.each([
  ['a decision of its own', 'PutItem', itemOf('decisions#swap'), true],
  ['a budget', 'PutItem', itemOf('budgets#swap'), true],
  ['what decides', 'PutItem', itemOf('agreement#swap'), false],
  ['the list of agreements', 'PutItem', itemOf('room'), false],
  ['what another door writes', 'PutItem', itemOf('erasures#swap'), false],
  ['a name that only ends so', 'PutItem', itemOf('agreement#decisions#swap'), false],
  ['the record that it reads', 'GetItem', keyOf('agreement#swap'), true],
  ['a change in place', 'UpdateItem', keyOf('decisions#swap'), false],
  ['what is taken away', 'DeleteItem', keyOf('decisions#swap'), false],
  [
    'a decision, together with others',
    'TransactWriteItems',
    { TransactItems: [{ Put: itemOf('decisions#swap') }, { Put: itemOf('budgets#swap') }] },
    true,
  ],
  [
    'a decision, together with what decides',
    'TransactWriteItems',
    { TransactItems: [{ Put: itemOf('decisions#swap') }, { Put: itemOf('agreement#swap') }] },
    false,
  ],
])('%s (%s): whether a door may', (_, operation, input, allowed) => {
  expect(listNeeds(operation, input).every(isAllowed)).toBe(allowed);
});

const query = (partition: string) => ({
  TableName: 'registry',
  KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
  ExpressionAttributeValues: { ':pk': { S: partition }, ':sk': { S: 'agreement#' } },
});

test.each([
  ['ForAllValues:StringLike', ['agreement#*'], 'agreement#swap', true],
  ['ForAllValues:StringLike', ['agreement#*'], 'decisions#swap', false],
  ['ForAllValues:StringEquals', ['agreement#swap'], 'agreement#swap', true],
  ['ForAllValues:StringEquals', ['agreement#*'], 'agreement#swap', false],
  ['ForAllValues:StringEquals', 'room', 'room', true],
])('what is asked for is held to its partition: %s %p of %s', (operator, values, partition, allowed) => {
  const statement = readStatement({
    Effect: 'Allow',
    Action: 'dynamodb:Query',
    Resource: '*',
    Condition: { [operator]: { 'dynamodb:LeadingKeys': values } },
  });
  expect(listNeeds('Query', query(partition)).map((need) => judgeNeed([statement], need).allowed)).toEqual([allowed]);
});

test('a condition that cannot be judged is refused, not passed by', () => {
  const Condition = { 'ForAllValues:StringEqualsIgnoreCase': { 'dynamodb:LeadingKeys': ['decisions#*'] } };
  expect(() => readStatement({ Effect: 'Allow', Action: '*', Resource: '*', Condition })).toThrow(
    'The local cloud does not judge ForAllValues:StringEqualsIgnoreCase.',
  );
});
