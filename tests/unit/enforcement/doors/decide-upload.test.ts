import fc from 'fast-check';
import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import type { Side } from '../../../../lib/domain/agreement/plan/side';
import {
  decideUpload,
  MAX_UPLOAD,
  readUploadRequest,
  type UploadRequest,
} from '../../../../lib/domain/enforcement/doors/decide-upload';
import type { Conduct } from '../../../../lib/domain/registry/conduct';
import { decisionSchema } from '../../../../lib/domain/registry/door-records';
import { rememberPolicies } from '../../../../lib/policy/remember-policies';
import { CODE_POINT } from '../../../fixtures/code-point';
import { breachOf, conductOf } from '../../../fixtures/conduct';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { NOTHING_MADE } from '../../../fixtures/registered';

const policiesOf = rememberPolicies();
const PLAN = {
  ...planForSide(TELCO_RETAIL_PLAN, { kind: 'hosted' }),
  remedies: [{ on: 'late-delivery' as const, do: 'suspend-party' as const }],
};
const UPLOAD: UploadRequest = { dataset: 'usage', file: 'usage-2026-03.csv', bytes: 12, sha256: 'a'.repeat(64) };
const NOON = '2026-06-01T12:00:00Z';

function decide(
  upload: UploadRequest | undefined,
  party = 'telco',
  changed: Partial<Conduct> = {},
  now = NOON,
  plan = PLAN,
) {
  const { id: agreement, version } = plan.agreement;
  const conduct = conductOf(plan, [], changed);
  const current = { agreement, version, state: conduct.state, history: [], provisioned: NOTHING_MADE };
  const grounds = { ...policiesOf(plan), id: 'request-1', now };
  const { decision, permitted } = decideUpload(upload, party, { plan, conduct, current, hash: 'abc' }, grounds);
  expect(decisionSchema.safeParse(decision).success).toBe(true);
  expect(decision.effect === 'permit').toBe(permitted !== undefined);
  return { decision, permitted };
}

test.each(['2026-01-01', '2026-12-31'])('the owner of a dataset may hand in a file of it on %s', (today) => {
  const { decision, permitted } = decide(UPLOAD, 'telco', {}, `${today}T23:59:59Z`);
  expect(permitted).toEqual({ key: 'telco-retail-2026/usage/upload/usage-2026-03.csv', upload: UPLOAD });
  expect(decision).toMatchObject({
    reason: 'agreed',
    dataset: 'usage',
    policy: 'permit:deliver:usage',
    party: 'telco',
  });
});

test.each([1, MAX_UPLOAD])('a file of %d bytes is neither too small nor too large', (bytes) => {
  expect(decide({ ...UPLOAD, bytes }).decision.effect).toBe('permit');
});

test('a party whose entitlements are suspended may deliver what it owes', () => {
  const breaches = [breachOf(PLAN, { party: 'telco', leg: PLAN.legs[0]!.id, since: '2026-05-01T00:00:00Z' })];
  expect(decide(UPLOAD, 'telco', { breaches }).decision.effect).toBe('permit');
});

test.each<[string, UploadRequest | undefined, string, Partial<Conduct>, string]>([
  ['not-your-dataset', UPLOAD, 'bank', {}, NOON],
  ['suspended', UPLOAD, 'telco', { state: 'suspended' }, NOON],
  ['not-active', UPLOAD, 'telco', { removed: true }, NOON],
  ['not-signed', UPLOAD, 'telco', { signatures: [] }, NOON],
  ['outside-term', UPLOAD, 'telco', {}, '2025-12-31T23:59:59Z'],
  ['outside-term', UPLOAD, 'telco', {}, '2027-01-01T00:00:00Z'],
  ['malformed-request', undefined, 'telco', {}, NOON],
  ['not-your-dataset', UPLOAD, 'retail', {}, NOON],
  ['not-your-dataset', { ...UPLOAD, dataset: 'purchases' }, 'telco', {}, NOON],
  ['not-your-dataset', { ...UPLOAD, dataset: 'usage/../purchases' }, 'telco', {}, NOON],
  ['not-your-dataset', { ...UPLOAD, dataset: 'none-at-all' }, 'telco', {}, NOON],
  ['file-size', { ...UPLOAD, bytes: 0 }, 'telco', {}, NOON],
  ['file-size', { ...UPLOAD, bytes: -1 }, 'telco', {}, NOON],
  ['file-size', { ...UPLOAD, bytes: MAX_UPLOAD + 1 }, 'telco', {}, NOON],
])('forbidden: %s', (reason, upload, party, changed, now) => {
  expect(decide(upload, party, changed, now).decision).toMatchObject({ effect: 'forbid', reason });
});

test('forbidden: a dataset that this room does not hold', () => {
  const side: Side = { kind: 'peer', party: 'retail' };
  const peer = { ...planForSide(TELCO_RETAIL_PLAN, side), remedies: PLAN.remedies };
  expect(decide(UPLOAD, 'telco', {}, NOON, peer).decision.reason).toBe('not-your-dataset');
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
  expect(decide({ ...UPLOAD, file }).decision).toMatchObject({ effect: 'forbid', reason: 'file-name' });
});

test('no name whatever puts a file anywhere but into the one folder of its dataset', () => {
  const hostile = fc.oneof(fc.string(), fc.string({ unit: CODE_POINT }), fc.constantFrom('a.b', 'x-1_2.csv.gz'));
  fc.assert(
    fc.property(hostile, (file) => {
      const { permitted } = decide({ ...UPLOAD, file });
      if (permitted === undefined) return;
      expect(permitted.key).toBe(`telco-retail-2026/usage/upload/${file}`);
      expect(file).toMatch(/^[\w.-]+$/);
      expect(new URL(permitted.key, 'https://s3.example/').pathname).toBe(`/${permitted.key}`);
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
