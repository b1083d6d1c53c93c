import { S3Client } from '@aws-sdk/client-s3';
import { openInboxes } from '../../../../lambda/reconcile-entitlements/inboxes';
import type { Plan, PlannedLeg } from '../../../../lib/domain/agreement/plan/plan';
import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import type { AgreementOnRecord } from '../../../../lib/domain/registry/read-conduct';
import { inboxPrefix } from '../../../../lib/domain/room/inbox-prefix';
import { conductOf } from '../../../fixtures/conduct';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';

const [LEG, OTHER] = TELCO_RETAIL_PLAN.legs as readonly [PlannedLeg, PlannedLeg];
const RECEIVER = TELCO_RETAIL_PLAN.parties.find(({ id }) => id === LEG.to)!.account;
const INBOX = inboxPrefix(TELCO_RETAIL_PLAN.agreement.id, LEG);

/** Version 1: the first leg has an inbox by SFTP. */
const BEFORE: Plan = { ...TELCO_RETAIL_PLAN, legs: [{ ...LEG, via: { kind: 'sftp' } }, OTHER] };

/** Version 2 is in force, with these legs. */
function onRecord(legs: readonly PlannedLeg[]): AgreementOnRecord {
  const agreement = { ...BEFORE.agreement, version: 2 };
  const plan = planForSide({ ...BEFORE, agreement, legs }, { kind: 'hosted' });
  const provisioned = { sftpRoles: {}, dataSets: {}, legKeys: {} };
  return {
    plan,
    conduct: conductOf(plan, [], { earlier: [BEFORE] }),
    hash: 'abc',
    current: { agreement: agreement.id, version: 2, state: 'active', history: [], provisioned },
  };
}

/** Inboxes over a bucket in memory. */
function openBucket(keys: readonly string[]) {
  const left = new Set(keys);
  const send = async ({ input }: { readonly input: Readonly<Record<string, unknown>> }) => {
    const { Prefix, Delete } = input as { Prefix?: string; Delete?: { Objects: readonly { Key: string }[] } };
    for (const { Key } of Delete?.Objects ?? []) left.delete(Key);
    return {
      Contents: [...left].filter((key) => Prefix !== undefined && key.startsWith(Prefix)).map((Key) => ({ Key })),
    };
  };
  return { left, inboxes: openInboxes(Object.assign(new S3Client({}), { send }), 'lake') };
}

/** Nothing on record is believed. */
const LOOK = { releasesOf: () => undefined, stateOf: () => undefined };
const FILES = [`${INBOX}2026-01-01/release.parquet`, `${INBOX}2026-01-08/release.parquet`];
const ELSEWHERE = 'telco-retail-2026/another/inbox/2026-01-01/release.parquet';

test.each<{ readonly via: PlannedLeg['via'] }>([
  { via: { kind: 'sftp' } },
  { via: { kind: 'gcs', bucket: 'theirs', serviceAccountSubjectId: '123456789012345678901' } },
  { via: { kind: 'snowflake', storageAwsIamUserArn: 'arn:aws:iam::888877776666:user/a', externalId: 'x' } },
])(
  'a leg by $via.kind has an inbox: what lies there is what is granted, and it is hidden when it is taken back',
  async ({ via }) => {
    const leg: PlannedLeg = { ...LEG, via };
    const on = onRecord([leg, OTHER]);
    const inbox = inboxPrefix(TELCO_RETAIL_PLAN.agreement.id, leg);
    const lies = ['2026-01-01', '2026-01-08'].map((day) => `${inbox}${day}/release.parquet`);
    const { left, inboxes } = openBucket([...lies, ELSEWHERE]);
    expect(inboxes.kinds).toContain(via.kind);
    const [held] = await inboxes.list(on, LOOK);
    expect(held).toMatchObject({
      kind: via.kind,
      leg: leg.id,
      account: RECEIVER,
      releases: ['2026-01-01', '2026-01-08'],
    });
    await inboxes.apply(on, { do: 'revoke', ...held!, reason: 'after-term', clause: 'term' }, []);
    expect([...left]).toEqual([ELSEWHERE]);
  },
);

test.each<[string, readonly PlannedLeg[]]>([
  ['that the version in force leaves out', [OTHER]],
  ['that it delivers another way', [{ ...LEG, via: { kind: 'data-grant' } } as PlannedLeg, OTHER]],
])('what lies in the inbox of a leg %s is found, and hidden', async (_, legs) => {
  const { left, inboxes } = openBucket([...FILES, ELSEWHERE]);
  const on = onRecord(legs);
  const found = await inboxes.list(on, { ...LOOK, releasesOf: () => [] });
  expect(found).toEqual([
    { kind: 'sftp', leg: LEG.id, account: RECEIVER, releases: ['2026-01-01', '2026-01-08'], reference: INBOX },
  ]);
  const why = { reason: 'not-agreed', clause: 'legs' } as const;
  await inboxes.apply(on, { do: 'revoke', ...found[0]!, ...why }, []);
  expect([...left]).toEqual([ELSEWHERE]);
  expect(await inboxes.list(on, { ...LOOK, releasesOf: () => [] })).toEqual([]);
});

test('an inbox that the version in force has, too, is none of them: it is seen by its record', async () => {
  const { inboxes } = openBucket(FILES);
  const on = onRecord(BEFORE.legs);
  expect(await inboxes.list(on, { ...LOOK, releasesOf: () => ['2026-01-01'] })).toMatchObject([
    { leg: LEG.id, releases: ['2026-01-01'] },
  ]);
});
