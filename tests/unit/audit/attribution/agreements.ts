import type { AgreementInForce } from '../../../../lib/domain/agreement/agreement-in-force';
import type { RecordedDecision } from '../../../../lib/domain/audit/attribution/recorded-decision';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { BUCKET, LEDGER, PARTNER, ROOM, TABLE } from '../scenario';

export const USAGE = 'telco-retail-usage';
export const PURCHASES = 'retail-telco-purchases';
export const DATA_SET = '4afc6230000099e6fcc80000000000e8';
/** What a grant of it has made in the retailer's account. */
export const ENTITLED = '5bfd7341111100aaf7fdd9111111111f';
export const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

/** Of the retailer's warehouses: Snowflake's own account, and the number of Google's service account. */
export const SNOWFLAKE = '888877776666';
export const GOOGLE = '112233445566778899001';

/** The telco's room; the telco is `ROOM`, the retailer `PARTNER`. */
export const AGREEMENT: AgreementInForce = {
  plan: TELCO_RETAIL_PLAN,
  from: '2026-01-01T00:00:00Z',
  to: '2026-06-01T00:00:00Z',
  places: [
    { leg: USAGE, holds: 'release', at: { kind: 'objects', bucket: BUCKET, prefix: 'usage/' } },
    { leg: USAGE, holds: 'release', at: { kind: 'table', arn: TABLE } },
    { leg: USAGE, holds: 'release', at: { kind: 'data-set', id: DATA_SET } },
    { leg: USAGE, holds: 'release', at: { kind: 'data-set', id: ENTITLED } },
    { leg: USAGE, holds: 'release', at: { kind: 'key', arn: KEY } },
    { leg: USAGE, holds: 'delivery', at: { kind: 'objects', bucket: BUCKET, prefix: 'raw/usage/' } },
    { leg: PURCHASES, holds: 'release', at: { kind: 'objects', bucket: BUCKET, prefix: 'purchases/' } },
    { leg: PURCHASES, holds: 'delivery', at: { kind: 'objects', bucket: BUCKET, prefix: 'raw/purchases/' } },
  ],
  sftpUsers: { 'retail-sftp': 'retail' },
  doors: [
    { role: 'barter-party-telco-retail-2026.telco', party: 'telco', opensTo: { kind: 'account', account: ROOM } },
    {
      role: 'barter-party-telco-retail-2026.retail',
      party: 'retail',
      opensTo: { kind: 'account', account: PARTNER },
      outbox: { bucket: LEDGER, prefix: 'outbox/telco-retail-2026/retail/' },
    },
    {
      role: 'barter-warehouse-telco-retail-2026.telco-retail-usage',
      party: 'retail',
      opensTo: { kind: 'account', account: SNOWFLAKE },
    },
    {
      role: 'barter-warehouse-telco-retail-2026.telco-retail-scores',
      party: 'retail',
      opensTo: { kind: 'web-identity', provider: 'accounts.google.com', subject: GOOGLE },
    },
  ],
};

export const AMENDED: AgreementInForce = {
  ...AGREEMENT,
  plan: { ...TELCO_RETAIL_PLAN, agreement: { ...TELCO_RETAIL_PLAN.agreement, version: 2 } },
  from: '2026-06-01T00:00:00Z',
  to: '2027-01-01T00:00:00Z',
};

export function decide(change: Partial<RecordedDecision> = {}): RecordedDecision {
  return {
    id: 'decision-1',
    effect: 'permit',
    agreement: { id: 'telco-retail-2026', version: 1 },
    party: 'retail',
    leg: USAGE,
    clause: '4.2',
    at: '2026-02-01T00:00:00Z',
    ...change,
  };
}
