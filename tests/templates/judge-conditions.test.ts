import { judgeConditions, type Verdict } from '../local-cloud/judge-conditions';
import { readStatement } from '../local-cloud/read-statement';
import { admits, type ResourcePolicy } from '../local-cloud/resource-policy';

/* How the local cloud judges conditions, and what buckets, keys and roles say themselves ("IAM JSON policy elements: Condition"). */

const readConditions = (Condition: object) =>
  readStatement({ Effect: 'Allow', Action: '*', Resource: '*', Condition }).conditions;

test.each<[string, object, readonly string[] | undefined, Verdict]>([
  ['one of some', { StringEquals: { 's3:Prefix': ['a', 'b'] } }, ['b'], 'holds'],
  ['none of some', { StringEquals: { 's3:prefix': ['a', 'b'] } }, ['c'], 'fails'],
  ['nothing, where something is asked for', { StringEquals: { 's3:prefix': 'a' } }, [], 'fails'],
  ['what nobody here can tell', { StringEquals: { 's3:prefix': 'a' } }, undefined, 'unknown'],
  ['a pattern', { StringLike: { 's3:prefix': 'ledger/*' } }, ['ledger/tree'], 'holds'],
  ['no pattern', { StringEquals: { 's3:prefix': 'ledger/*' } }, ['ledger/tree'], 'fails'],
  ['nothing, where another is refused', { StringNotEquals: { 's3:prefix': 'a' } }, [], 'holds'],
  ['another, where another is refused', { StringNotEquals: { 's3:prefix': 'a' } }, ['b'], 'holds'],
  ['what is refused', { StringNotLike: { 's3:prefix': 'a*' } }, ['ab'], 'fails'],
  ['whose name is refused', { ArnNotLike: { 's3:prefix': 'a*' } }, ['ab'], 'fails'],
  ['nobody, where a name is refused', { ArnNotLike: { 's3:prefix': 'a*' } }, [], 'holds'],
  ['nothing, if it is not asked for unless there', { StringLikeIfExists: { 's3:prefix': 'a' } }, [], 'holds'],
  ['all of some', { 'ForAllValues:StringLike': { 's3:prefix': 'a*' } }, ['a', 'ab'], 'holds'],
  ['not all of some', { 'ForAllValues:StringLike': { 's3:prefix': 'a*' } }, ['a', 'b'], 'fails'],
  ['all of none', { 'ForAllValues:StringLike': { 's3:prefix': 'a*' } }, [], 'holds'],
  ['any of some', { 'ForAnyValue:StringEquals': { 's3:prefix': 'a' } }, ['b', 'a'], 'holds'],
  ['any of none', { 'ForAnyValue:StringEquals': { 's3:prefix': 'a' } }, [], 'fails'],
  ['what has to be absent', { Null: { 's3:prefix': 'true' } }, [], 'holds'],
  ['what has to be there', { Null: { 's3:prefix': 'false' } }, [], 'fails'],
  ['no more than so much', { NumericLessThanEquals: { 's3:prefix': '900' } }, ['900'], 'holds'],
  ['too much', { NumericLessThan: { 's3:prefix': 900 } }, ['900'], 'fails'],
  ['two, of which one fails', { StringLike: { 's3:prefix': 'a*' }, Null: { 's3:prefix': 'true' } }, ['a'], 'fails'],
])('%s', (_, condition, facts, verdict) => {
  expect(judgeConditions(readConditions(condition), () => facts)).toBe(verdict);
});

const ARN = 'arn:aws:kms:eu-central-1:123456789012:key/1';
const ROLE = { arn: 'arn:aws:iam::123456789012:role/door', tags: {} };
const ROOT = 'arn:aws:iam::123456789012:root';

function policyOf(kind: ResourcePolicy['kind'], principal: string, statement: object): ResourcePolicy {
  const read = readStatement({ Effect: 'Allow', Action: 'kms:*', Resource: '*', ...statement });
  return { kind, arn: ARN, tags: {}, statements: [{ ...read, principals: [principal] }] };
}

const VIA_S3 = { Condition: { StringEquals: { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' } } };

test.each<[string, ResourcePolicy, boolean]>([
  ['a key that names the role', policyOf('key', ROLE.arn, {}), true],
  ['a key that leaves it to IAM', policyOf('key', ROOT, {}), true],
  ['a key that leaves another use to IAM', policyOf('key', ROOT, { Action: 'kms:Encrypt' }), false],
  ['a key that is used by way of S3 alone', policyOf('key', ROOT, VIA_S3), false],
  ['a key that names another', policyOf('key', `${ROLE.arn}s`, {}), false],
  ['a bucket that says nothing', policyOf('bucket', `${ROLE.arn}s`, {}), true],
  ['a bucket that denies it to all', policyOf('bucket', '*', { Effect: 'Deny' }), false],
  ['a bucket that denies it to another', policyOf('bucket', `${ROLE.arn}s`, { Effect: 'Deny' }), true],
  ['a bucket that denies it by way of S3', policyOf('bucket', '*', { Effect: 'Deny', ...VIA_S3 }), true],
])('%s: whether it lets in whom IAM lets in', (_, policy, admitted) => {
  const need = { action: 'kms:Decrypt', resource: ARN, facts: { 'kms:viaservice': [] } };
  expect(admits(policy, need, ROLE, () => undefined)).toBe(admitted);
});

test('who is to be assumed has to trust the caller, under the name that it takes', () => {
  const Condition = { StringLike: { 'sts:RoleSessionName': '*@link' } };
  const policy = policyOf('role', ROLE.arn, { Action: 'sts:AssumeRole', Condition });
  const named = (name: string) => ({
    action: 'sts:AssumeRole',
    resource: ARN,
    facts: { 'sts:rolesessionname': [name] },
  });
  expect(['decision@link', 'decision'].map((name) => admits(policy, named(name), ROLE, () => undefined))).toEqual([
    true,
    false,
  ]);
});
