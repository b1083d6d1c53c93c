import fc from 'fast-check';
import { planForSide } from '../../../lib/domain/agreement/plan-for-side';
import {
  decideUpload,
  MAX_UPLOAD,
  readUploadRequest,
  type UploadRequest,
} from '../../../lib/domain/enforcement/decide-upload';
import type { RegisteredAgreement } from '../../../lib/domain/enforcement/registered-agreement';
import { TELCO_RETAIL_PLAN } from '../../fixtures/plan';

const ROOM = '999900001111';
const callerOf = (party: string, agreement = 'telco-retail-2026') => ({
  account: ROOM,
  arn: `arn:aws:sts::${ROOM}:assumed-role/barter-party-${agreement}.${party}/nightly`,
});
const REGISTERED: RegisteredAgreement = {
  plan: planForSide(TELCO_RETAIL_PLAN, { kind: 'hosted' }),
  hash: 'abc',
  state: 'active',
  provisioned: { sftpRoles: {}, dataSets: {}, legRoles: {}, legKeys: {} },
  lastDay: '2026-12-31',
  suspendedParties: [],
};
const UPLOAD: UploadRequest = { dataset: 'usage', file: 'usage-2026-03.csv', bytes: 12, sha256: 'a'.repeat(64) };
const decide = (
  upload: UploadRequest | undefined,
  registered: RegisteredAgreement | undefined = REGISTERED,
  caller = callerOf('telco'),
  today = '2026-06-01',
) => decideUpload(upload, caller, registered, { today, roomAccount: ROOM });

test.each(['2026-01-01', '2026-12-31'])('the owner of a dataset may hand in a file of it on %s', (today) => {
  expect(decide(UPLOAD, REGISTERED, callerOf('telco'), today)).toEqual({
    kind: 'permit',
    party: 'telco',
    key: 'telco-retail-2026/usage/upload/usage-2026-03.csv',
    upload: UPLOAD,
  });
});

test('a party whose entitlements are suspended may deliver what it owes', () => {
  expect(decide(UPLOAD, { ...REGISTERED, suspendedParties: ['telco'] }).kind).toBe('permit');
});

const peerOf = (party: string) => ({ ...REGISTERED, plan: planForSide(TELCO_RETAIL_PLAN, { kind: 'peer', party }) });

test.each<[string, UploadRequest | undefined, RegisteredAgreement | undefined, ReturnType<typeof callerOf>, string]>([
  ['unknown-caller', UPLOAD, REGISTERED, callerOf('bank'), '2026-06-01'],
  ['unknown-caller', UPLOAD, REGISTERED, callerOf('telco', 'another-2026'), '2026-06-01'],
  ['unknown-caller', undefined, REGISTERED, callerOf('bank'), '2025-01-01'],
  ['agreement-not-active', UPLOAD, { ...REGISTERED, state: 'suspended' }, callerOf('telco'), '2026-06-01'],
  ['agreement-not-active', UPLOAD, { ...REGISTERED, state: 'removed' }, callerOf('telco'), '2026-06-01'],
  ['outside-term', UPLOAD, REGISTERED, callerOf('telco'), '2025-12-31'],
  ['outside-term', UPLOAD, REGISTERED, callerOf('telco'), '2027-01-01'],
  ['malformed-request', undefined, REGISTERED, callerOf('telco'), '2026-06-01'],
  ['not-your-dataset', UPLOAD, REGISTERED, callerOf('retail'), '2026-06-01'],
  ['not-your-dataset', { ...UPLOAD, dataset: 'purchases' }, REGISTERED, callerOf('telco'), '2026-06-01'],
  ['not-your-dataset', { ...UPLOAD, dataset: 'usage/../purchases' }, REGISTERED, callerOf('telco'), '2026-06-01'],
  ['not-your-dataset', UPLOAD, peerOf('retail'), callerOf('telco'), '2026-06-01'],
  ['file-size', { ...UPLOAD, bytes: 0 }, REGISTERED, callerOf('telco'), '2026-06-01'],
  ['file-size', { ...UPLOAD, bytes: -1 }, REGISTERED, callerOf('telco'), '2026-06-01'],
  ['file-size', { ...UPLOAD, bytes: MAX_UPLOAD + 1 }, REGISTERED, callerOf('telco'), '2026-06-01'],
])('forbidden: %s', (reason, upload, registered, caller, today) => {
  expect(decide(upload, registered, caller, today)).toEqual({ kind: 'forbid', reason });
});

test('forbidden: an agreement that is not on record', () => {
  const decision = decideUpload(UPLOAD, callerOf('telco'), undefined, { today: '2026-06-01', roomAccount: ROOM });
  expect(decision).toEqual({ kind: 'forbid', reason: 'unknown-agreement' });
});

test.each([
  '',
  'a',
  '.hidden.csv',
  '../purchases/upload/x.csv',
  'a/b.csv',
  'a\\b.csv',
  'a..b',
  'a%2Fb.csv',
  'a b.csv',
  'a\n.csv',
  'a\0.csv',
  'a.',
  '-rf',
  'usage.csv\u202Evsc.exe',
  '\uFF0E\uFF0E\uFF0Fx',
  'é.csv',
  `${'x'.repeat(201)}`,
])('the file name %j is refused', (file) => {
  expect(decide({ ...UPLOAD, file })).toEqual({ kind: 'forbid', reason: 'file-name' });
});

test('no name whatever puts a file anywhere but into the one folder of its dataset', () => {
  const hostile = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('a.b', 'x-1_2.csv.gz'));
  fc.assert(
    fc.property(hostile, (file) => {
      const decision = decide({ ...UPLOAD, file });
      if (decision.kind === 'forbid') return;
      expect(decision.key).toBe(`telco-retail-2026/usage/upload/${file}`);
      expect(file).toMatch(/^[\w.-]+$/);
      expect(new URL(decision.key, 'https://s3.example/').pathname).toBe(`/${decision.key}`);
    }),
  );
});

describe('the body of a request', () => {
  test('is read where it is whole', () => {
    expect(readUploadRequest({ ...UPLOAD })).toEqual(UPLOAD);
  });

  test.each<[unknown]>([
    [undefined],
    [null],
    ['text'],
    [[]],
    [{}],
    [{ ...UPLOAD, bytes: '12' }],
    [{ ...UPLOAD, bytes: 1.5 }],
    [{ ...UPLOAD, bytes: 2 ** 60 }],
    [{ ...UPLOAD, sha256: 'A'.repeat(64) }],
    [{ ...UPLOAD, sha256: 'a'.repeat(63) }],
    [{ ...UPLOAD, dataset: ['usage'] }],
    [{ ...UPLOAD, key: 'retail/purchases/upload/x' }],
  ])('is not read where it is not: %j', (body) => {
    expect(readUploadRequest(body)).toBeUndefined();
  });
});
