import type { Delivery, Plan } from '../../../../lib/domain/agreement/plan/plan';
import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import { API_CONTRACTS } from '../../../../lib/domain/enforcement/api/api-contracts';
import { API_OPERATIONS } from '../../../../lib/domain/enforcement/api/api-operations';
import { planHandover } from '../../../../lib/domain/exchange/handover/plan-handover';
import { writeHandoverGuide } from '../../../../lib/domain/exchange/handover/write-handover-guide';
import { namePartyRole } from '../../../../lib/domain/room/room-names';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';

const ROOM = { account: '999900001111', region: 'eu-central-1', sftp: { kind: 'public' } } as const;
const SFTP = { publicKeys: ['ssh-ed25519 AAAA'], cidrs: ['203.0.113.0/24'] };

function guideFor(via: Delivery, title = 'Usage for purchases'): string {
  const [usage, purchases] = TELCO_RETAIL_PLAN.legs;
  const plan = {
    ...TELCO_RETAIL_PLAN,
    agreement: { ...TELCO_RETAIL_PLAN.agreement, title },
    parties: TELCO_RETAIL_PLAN.parties.map((party) => ({ ...party, sftp: SFTP })),
    legs: [{ ...usage!, via }, purchases!],
  };
  const handover = planHandover(planForSide(plan, { kind: 'hosted' }), 'retail', ROOM);
  return writeHandoverGuide(handover!, {
    template: 'template.json',
    warehouses: { 'telco-retail-usage': 'telco-retail-usage.snowflake.sql' },
  });
}

test('the guide names the room that all have signed, or that none is', () => {
  const guideOf = (room?: Plan['room']) => {
    const plan = { ...TELCO_RETAIL_PLAN, ...(room === undefined ? {} : { room }) };
    const handover = planHandover(planForSide(plan, { kind: 'hosted' }), 'retail', ROOM);
    return writeHandoverGuide(handover!, { template: 'template.json', warehouses: {} });
  };
  expect(guideOf()).toContain('The agreement names no room');
  const hosted = {
    topology: 'hosted',
    account: '999900001111',
    region: 'eu-central-1',
    operator: 'Neutral Ltd',
  } as const;
  expect(guideOf(hosted)).toContain(
    'What all parties sign names one room for all, account `999900001111`, region eu-central-1, run by Neutral Ltd: send nothing',
  );
  expect(guideOf({ topology: 'peer' })).toContain('What all parties sign names a room for each party: send nothing');
});

const headings = (guide: string) => guide.match(/^## .*/gm);

test.each<[Delivery, readonly string[]]>([
  [
    { kind: 'data-grant' },
    ['1. Deploy the template', '2. Sign', '3. Accept the data grants, then export by itself', '4. Deliver'],
  ],
  [{ kind: 'lake-formation' }, ['1. Deploy the template', '2. Sign', '3. Accept the share of tables', '4. Deliver']],
  [{ kind: 'query-only' }, ['1. Deploy the template', '2. Sign', '3. Accept the share of tables', '4. Deliver']],
  [{ kind: 'sftp' }, ['1. Deploy the template', '2. Sign', '3. Deliver', '4. Fetch by SFTP']],
  [
    { kind: 'snowflake', storageAwsIamUserArn: 'arn:aws:iam::1:user/s', externalId: 'x' },
    ['1. Deploy the template', '2. Sign', '3. Connect Snowflake for `telco-retail-usage`', '4. Deliver'],
  ],
])('by %j: the steps that the party has to take', (via, steps) => {
  expect(headings(guideFor(via))).toEqual(
    [...steps, 'What else you can ask', 'What you have agreed to'].map((step) => `## ${step}`),
  );
});

test('the guide names the SFTP user, folder and ranges, the upload role and the bucket’s owner', () => {
  const guide = guideFor({ kind: 'data-grant' });
  for (const said of [
    '`telco-retail-2026.retail`',
    '`/purchases`',
    '`203.0.113.0/24`',
    '`barter-party-telco-retail-2026.retail`',
    '--expected-bucket-owner 999900001111',
    '`telco-retail-2026/purchases/upload/`',
  ])
    expect(guide).toContain(said);
});

test('a party that receives by SFTP is told its inbox; one without SFTP how to hand a file in by a link', () => {
  expect(guideFor({ kind: 'sftp' })).toContain('`/inbox/telco-retail-2026/usage`');
  expect(guideFor({ kind: 'data-grant' })).toContain('API/agreements/telco-retail-2026/uploads');
});

test('what people wrote stays text', () => {
  const guide = guideFor({ kind: 'data-grant' }, 'A <script>alert(1)</script> | [x](http://e.example) `y`');
  expect(guide.split('\n')[0]).toBe(
    '# A \\<script\\>alert(1)\\</script\\> \\| \\[x\\](http://e.example) \\`y\\`: the side of Corner Retail',
  );
});

test('the name of a role fits, and long names stay apart', () => {
  const [first, second] = ['a', 'b'].map((end) => namePartyRole('x'.repeat(60), `party-${end}`));
  for (const name of [first, second]) expect(name).toMatch(/^barter-party-x+-[0-9a-f]{16}$/);
  expect(first).toHaveLength(64);
  expect(first).not.toBe(second);
});

test('the guide tells all that the API answers, with what each is for and what it takes', () => {
  const rows = guideFor({ kind: 'api' })
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  for (const { id, method, path } of API_OPERATIONS) {
    const [row, ...more] = rows.filter((line) => line.startsWith(`| \`${id}\` |`));
    expect(more).toEqual([]);
    expect(row).toContain(`\`${method} ${path.split('{')[0]}telco-retail-2026`);
    expect(row).toContain(API_CONTRACTS[id].summary);
  }
  expect(rows.find((line) => line.includes('`report-problem`'))).toMatch(/`\{ text, leg\? \}` \|$/);
  expect(rows.find((line) => line.includes('`read-release`'))).toMatch(/`\?purpose=…` \|$/);
});
