import { signDownloads } from '../../../../lambda/presign-download/released-files';
import { nameLinkSession, readLinkSession } from '../../../../lib/domain/enforcement/doors/link-session';
import { linkSessions } from '../../../fixtures/link-sessions';

const PLACES = { role: 'arn:aws:iam::999900001111:role/Links', bucket: 'lake', region: 'eu-central-1' };
const KEYS = ['swap/leg/round=2026-03-05/part-0.parquet', 'swap/leg/round=2026-03-05/part-1.parquet'];

test('links are signed in one session that is named for the decision, each for one object and a quarter of an hour', async () => {
  const { sts, asked } = linkSessions();
  const signing = { decision: 'request-7', at: new Date('2026-03-10T10:00:00Z'), roomAccount: '999900001111' };
  const urls = (await signDownloads(sts, PLACES, KEYS, signing)).map((each) => new URL(each));
  expect(asked).toEqual([{ RoleArn: PLACES.role, RoleSessionName: 'request-7@link', DurationSeconds: 1800 }]);
  expect(urls.map(({ pathname }) => decodeURIComponent(pathname))).toEqual(KEYS.map((key) => `/${key}`));
  for (const { searchParams } of urls) {
    expect(searchParams.get('X-Amz-Credential')).toMatch(/^ASIALINK\/20260310\//);
    expect(searchParams.get('X-Amz-Security-Token')).toBe('token');
    expect(searchParams.get('X-Amz-Expires')).toBe('900');
    expect(searchParams.get('X-Amz-Date')).toBe('20260310T100000Z');
  }
});

test.each([
  ['request-7', 'request-7'],
  ['JKJaXmPLvHcESHA-', 'JKJaXmPLvHcESHA-'],
  ['a/b@c', 'a-b-c'],
  ['x'.repeat(100), 'x'.repeat(59)],
])('the session of %s is one that STS takes, and tells %s', (decision, told) => {
  expect(nameLinkSession(decision)).toMatch(/^[\w+=,.@-]{2,64}$/);
  expect(readLinkSession(nameLinkSession(decision))).toBe(told);
});

test.each([undefined, '', 'run', 'x@linked', 'AWSLF-00-AT-1-x'])(
  'a session that signs no links tells of none: %p',
  (session) => {
    expect(readLinkSession(session)).toBeUndefined();
  },
);
