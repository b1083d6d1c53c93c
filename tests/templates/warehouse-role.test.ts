import type { Delivery } from '../../lib/domain/agreement/plan/plan';
import { planForSide } from '../../lib/domain/agreement/plan/plan-for-side';
import { AgreementStack } from '../../lib/stacks/agreement/agreement-stack';
import { TELCO_RETAIL_PLAN } from '../fixtures/plan';
import { resourcesOf, statementsOf } from '../fixtures/template';
import { ENV, KEY, LAKE, standInForRoom } from './room-stand-in';

const SNOWFLAKE: Delivery = {
  kind: 'snowflake',
  storageAwsIamUserArn: 'arn:aws:iam::777766665555:user/snowflake-abc',
  externalId: 'HARBOUR_SFCRole=2_x',
};
const GCS: Delivery = { kind: 'gcs', bucket: 'harbour-in', serviceAccountSubjectId: '123456789012345678901' };
const LEG = 'telco-retail-2026/telco-retail-usage';
/** Under none by which logs tell others. */
const NAMES = { StringNotLike: { 'sts:RoleSessionName': ['*@link', 'AWSLF-*', '*.*@s-?????????????????'] } };

function stackFor(via: Delivery, warehouses: readonly string[]): AgreementStack {
  const legs = [{ ...TELCO_RETAIL_PLAN.legs[0]!, via }];
  const plan = planForSide({ ...TELCO_RETAIL_PLAN, legs }, { kind: 'hosted' });
  const { app, registry, ...room } = standInForRoom();
  return new AgreementStack(app, 'Agreement', { ...ENV, ...room, plan, hasSftp: false, warehouses });
}

const roleOf = (stack: AgreementStack) =>
  resourcesOf(stack, 'AWS::IAM::Role').find(({ properties }) => properties.RoleName === NAME);
const NAME = 'barter-warehouse-telco-retail-2026.telco-retail-usage';
const trustOf = (stack: AgreementStack) =>
  statementsOf(stack)
    .filter(({ resource, principals }) => resource.id === roleOf(stack)?.id && principals.length > 0)
    .map(({ effect, principals, actions, conditions }) => ({ effect, principals, actions, conditions }));

test.each([
  [
    'Snowflake: its user for this integration, with its external id',
    SNOWFLAKE,
    {
      principals: [['AWS', 'arn:aws:iam::777766665555:user/snowflake-abc']],
      actions: ['sts:AssumeRole'],
      conditions: { ...NAMES, StringEquals: { 'sts:ExternalId': ['HARBOUR_SFCRole=2_x'] } },
    },
  ],
  [
    'Google: this service account and no other identity of Google',
    GCS,
    {
      principals: [['Federated', 'accounts.google.com']],
      actions: ['sts:AssumeRoleWithWebIdentity'],
      conditions: { ...NAMES, StringEquals: { 'accounts.google.com:sub': ['123456789012345678901'] } },
    },
  ],
])('an open role trusts %s', (_, via, trust) => {
  expect(trustOf(stackFor(via, [LEG]))).toEqual([{ effect: 'Allow', ...trust }]);
});

test.each([
  ['Snowflake', SNOWFLAKE, []],
  ['Google', GCS, []],
  ['Snowflake, while another leg is open', SNOWFLAKE, ['another-2026/telco-retail-usage']],
])('a role trusts nobody before the second phase: %s', (_, via, warehouses) => {
  expect(trustOf(stackFor(via, warehouses))).toEqual([
    { effect: 'Deny', principals: [['AWS', '*']], actions: ['sts:AssumeRole'], conditions: {} },
  ]);
});

test('a warehouse reads the releases of its leg, treated, and nothing else', () => {
  const stack = stackFor(SNOWFLAKE, [LEG]);
  const allowed = statementsOf(stack).filter(
    ({ resource, principals }) => resource.id === roleOf(stack)?.id && principals.length === 0,
  );
  expect(allowed.map(({ actions, resources }) => [actions, resources])).toEqual([
    [['s3:GetObject'], [`${LAKE}/${LEG}/inbox/*`]],
    [['s3:ListBucket'], [LAKE]],
    [['kms:Decrypt'], [KEY]],
    [['s3:GetBucketLocation'], [LAKE]],
  ]);
});

test('an agreement without warehouses has no such role', () => {
  expect(roleOf(stackFor({ kind: 'data-grant' }, [LEG]))).toBeUndefined();
});
