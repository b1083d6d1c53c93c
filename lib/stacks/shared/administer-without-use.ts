import { AccountRootPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** In a key's own policy the wildcard means that key and no other. */
export const THIS_KEY = ['*'];

/** What a key's policy lets the administrators of its account do: all but encrypt, decrypt or hand that out. */
export function administerWithoutUse(): PolicyStatement {
  return new PolicyStatement({
    sid: 'AdministerWithoutUse',
    principals: [new AccountRootPrincipal()],
    actions: ADMINISTRATION,
    resources: THIS_KEY,
  });
}

/** Neither CreateGrant, which would hand out use, nor anything that encrypts or decrypts. */
const ADMINISTRATION = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:DisableKeyRotation',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListKeyRotations',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:RevokeGrant',
  'kms:RotateKeyOnDemand',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
];
