import type { AgreementInForce } from '../../../../lib/domain/agreement/agreement-in-force';
import type { Access } from '../../../../lib/domain/audit/access';
import { findReached } from '../../../../lib/domain/audit/report/find-reached';
import { AGREEMENT, AMENDED, ENTITLED, KEY, PURCHASES, USAGE } from '../attribution/agreements';
import { BUCKET, collect, makeS3Read, TABLE } from '../scenario';

const AT = '2026-03-02T10:00:00Z';
const AFTER = '2027-03-02T10:00:00Z';
const [READ] = collect(makeS3Read({ key: 'usage/a', at: AT, account: '777766665555' }));
const object = (key?: string): Access['resource'] => ({
  kind: 'object',
  bucket: BUCKET,
  ...(key === undefined ? {} : { key }),
});
const FIRST = { id: 'telco-retail-2026', version: 1 };
/** Of others, and with a place below one of the first. */
const SECOND: AgreementInForce = {
  ...AGREEMENT,
  plan: { ...AGREEMENT.plan, agreement: { ...AGREEMENT.plan.agreement, id: 'others-2026' } },
  places: [{ leg: 'theirs', holds: 'release', at: { kind: 'objects', bucket: BUCKET, prefix: 'shared/' } }],
};

it.each<[what: string, change: Partial<Access>, reached: ReturnType<typeof findReached>]>([
  ['a release', {}, { agreement: FIRST, leg: USAGE }],
  ['what was handed in', { resource: object('raw/purchases/a') }, { agreement: FIRST, leg: PURCHASES }],
  ['a table', { resource: { kind: 'table', arn: TABLE } }, { agreement: FIRST, leg: USAGE }],
  ['a data set', { resource: { kind: 'data-set', id: ENTITLED } }, { agreement: FIRST, leg: USAGE }],
  ['a key', { act: 'decrypt', resource: { kind: 'key', arn: KEY } }, { agreement: FIRST, leg: USAGE }],
  [
    'a list of one leg’s releases',
    { act: 'list', resource: object('purchases/') },
    { agreement: FIRST, leg: PURCHASES },
  ],
  ['a list of several legs’', { act: 'list', resource: object('') }, undefined],
  ['the whole bucket', { act: 'change', resource: object() }, undefined],
  ['a place of no leg', { resource: object('private/a') }, undefined],
  ['nothing', { resource: { kind: 'none' } }, undefined],
  [
    'a release of another agreement',
    { resource: object('shared/a') },
    { agreement: SECOND.plan.agreement, leg: 'theirs' },
  ],
  [
    'a release, under the next version',
    { at: '2026-07-01T00:00:00Z' },
    { agreement: { ...FIRST, version: 2 }, leg: USAGE },
  ],
  ['a release, when no version holds any more', { at: AFTER }, { agreement: { ...FIRST, version: 2 }, leg: USAGE }],
])('%s', (_, change, reached) => {
  const found = findReached({ ...READ!, ...change }, [AGREEMENT, AMENDED, SECOND]);
  expect(found && { ...found, agreement: { id: found.agreement.id, version: found.agreement.version } }).toEqual(
    reached && { ...reached, agreement: { id: reached.agreement.id, version: reached.agreement.version } },
  );
});

test('a place that two agreements have is none’s', () => {
  const other = { ...SECOND, places: [{ ...SECOND.places[0]!, at: AGREEMENT.places[0]!.at }] };
  expect(findReached(READ!, [AGREEMENT, other])).toBeUndefined();
});

test('what an account forwards of its own is at nobody’s place, whatever goes by a product', () => {
  const [given] = AGREEMENT.plan.legs;
  const product = { ...given!, via: { kind: 'product', productId: 'prod-1' } as const };
  const sold = { ...AGREEMENT, plan: { ...AGREEMENT.plan, legs: [product] } };
  const exported = { ...READ!, act: 'export', resource: { kind: 'data-set', id: 'subscribed' } } as const;
  expect(findReached(exported, [sold])).toBeUndefined();
});
