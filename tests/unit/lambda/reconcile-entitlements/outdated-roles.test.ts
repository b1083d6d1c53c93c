import { IAMClient, NoSuchEntityException } from '@aws-sdk/client-iam';
import { closeOutdatedRoles } from '../../../../lambda/reconcile-entitlements/close-outdated-roles';
import { openRoleDoors } from '../../../../lambda/reconcile-entitlements/role-doors';
import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { registerAgreement } from '../../../../lib/domain/enforcement/registration/register-agreement';
import { signVersion } from '../../../../lib/domain/enforcement/registration/sign-version';
import { readConduct } from '../../../../lib/domain/registry/read-conduct';
import { namePartyRole, nameWarehouseRole } from '../../../../lib/domain/room/room-names';
import { holdRoles } from '../../../fixtures/hold-roles';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { recordLog } from '../../../fixtures/recorded-log';
import { believe, NOTHING_MADE, registerSigned, signatureOf, versionOf } from '../../../fixtures/registered';

const SNOWFLAKE = {
  kind: 'snowflake',
  storageAwsIamUserArn: 'arn:aws:iam::444455556666:user/of-snowflake',
  externalId: 'RETAIL_SFCRole=2_abc',
} as const;
const PLAN: Plan = {
  ...TELCO_RETAIL_PLAN,
  legs: TELCO_RETAIL_PLAN.legs.map((leg, at) => (at === 0 ? { ...leg, via: SNOWFLAKE } : leg)),
};
const ID = PLAN.agreement.id;
const [LEG] = PLAN.legs as [Plan['legs'][number]];
const WAREHOUSE = nameWarehouseRole(ID, LEG.id);
const NOW = '2026-02-01T12:00:00Z';

const amend = (changed: Partial<Plan>): Plan => ({
  ...PLAN,
  ...changed,
  agreement: { ...PLAN.agreement, version: 2, content: 'e2'.repeat(32) },
});
const withLeg = (changed: object) =>
  amend({ legs: PLAN.legs.map((leg) => (leg.id === LEG.id ? { ...leg, ...changed } : leg)) as Plan['legs'] });

/** Version 1 was drawn; then all signed version 2. */
async function amended(next: Plan, roles = holdRoles()) {
  const { registry } = await registerSigned(PLAN);
  const draw = (version: number) =>
    registry
      .current(ID)
      .change([], (current) => ({ ...current, state: 'active', provisioned: { ...NOTHING_MADE, version } }));
  await draw(1);
  await registerAgreement(registry, { ...versionOf(next), provisioned: { ...NOTHING_MADE, version: 1 } }, NOW);
  for (const { id } of PLAN.parties) await signVersion(registry, signatureOf(next, id), believe);
  const recorded = recordLog();
  const run = async (depth: 'quick' | 'full' = 'quick') => {
    const on = (await readConduct(registry, ID))!;
    expect(on.current.version).toBe(2);
    return closeOutdatedRoles({ registry, roles: roles.roles, now: () => NOW, log: recorded.log }, on, depth);
  };
  const record = async () =>
    (await registry.closures(ID).list()).map(({ role, state, clause }) => `${role} ${state} ${clause}`);
  return { run, draw, record, ...roles, lines: recorded.lines };
}

const otherAccount = (plan: Plan): Plan => ({
  ...plan,
  parties: plan.parties.map((party) => (party.id === 'telco' ? { ...party, account: '777788889999' } : party)),
});

test.each<[string, Plan, string, string]>([
  ['whose leg is left out', amend({ legs: PLAN.legs.slice(1) }), WAREHOUSE, `legs.${LEG.id}.to`],
  ['whose leg goes another way', withLeg({ via: { kind: 'sftp' } }), WAREHOUSE, `legs.${LEG.id}.via`],
  [
    'whose leg goes to another warehouse',
    withLeg({ via: { ...SNOWFLAKE, externalId: 'another' } }),
    WAREHOUSE,
    `legs.${LEG.id}.via.snowflake`,
  ],
  ['of a party that has another account', otherAccount(amend({})), namePartyRole(ID, 'telco'), 'parties.telco.account'],
])(
  'the role %s is closed at once and once, on record, and opened when the stack is drawn anew',
  async (_, next, role, clause) => {
    const { run, draw, record, closed, asked } = await amended(next);
    for (let times = 0; times < 2; times += 1) expect(await run()).toEqual([]);
    expect([...closed]).toEqual([role]);
    expect(await record()).toEqual([`${role} closed ${clause}`]);
    await draw(2);
    for (let times = 0; times < 2; times += 1) expect(await run()).toEqual([]);
    expect([...closed]).toEqual([]);
    expect(await record()).toEqual([`${role} open ${clause}`]);
    expect(asked).toEqual([`close ${role}`, `open ${role}`]);
  },
);

test.each<[string, Plan]>([
  ['that treats a leg otherwise', withLeg({ watermark: 0.01 })],
  ['that leaves a party out: it may still attest', amend({ parties: PLAN.parties.slice(0, 1), legs: [] })],
])('no role of a party is closed by a version %s', async (_, next) => {
  const { run, closed } = await amended(next);
  await run();
  expect([...closed].filter((role) => role !== WAREHOUSE)).toEqual([]);
});

test('one that somebody opened by hand is closed again, and that is told', async () => {
  const { run, closed, lines } = await amended(amend({ legs: PLAN.legs.slice(1) }));
  await run();
  closed.clear();
  await run('quick');
  expect([...closed]).toEqual([]);
  await run('full');
  expect([...closed]).toEqual([WAREHOUSE]);
  expect(JSON.stringify(lines)).toContain('A role was opened by hand, and is closed');
});

test('one that is gone already is none to worry about, and one that cannot be closed is told', async () => {
  const gone = await amended(amend({ legs: PLAN.legs.slice(1) }), holdRoles([WAREHOUSE]));
  expect(await gone.run()).toEqual([]);
  const refusing = holdRoles();
  const roles = { ...refusing.roles, close: () => Promise.reject(new Error('AccessDenied')) };
  const stuck = await amended(amend({ legs: PLAN.legs.slice(1) }), { ...refusing, roles });
  expect(await stuck.run()).toEqual([WAREHOUSE]);
  expect(await stuck.record()).toEqual([]);
});

describe('by IAM', () => {
  const NOTHING = 'arn:aws:iam::123456789012:policy/nothing';
  const open = (boundary?: string) => {
    let stands: string | undefined = boundary;
    const asked: string[] = [];
    const send = async (command: { readonly input: { readonly PermissionsBoundary?: string } }) => {
      const { name } = command.constructor;
      asked.push(name);
      if (stands === 'missing') throw new NoSuchEntityException({ message: 'none', $metadata: {} });
      if (name.startsWith('Put')) stands = command.input.PermissionsBoundary;
      if (name.startsWith('Delete')) stands = undefined;
      return { Role: { PermissionsBoundary: { PermissionsBoundaryArn: stands } } };
    };
    const doors = openRoleDoors(Object.assign(new IAMClient({}), { send }), NOTHING);
    return { doors, asked, stands: () => stands };
  };

  test('the boundary is put once, and taken away', async () => {
    const { doors, asked, stands } = open();
    expect([await doors.close(WAREHOUSE), await doors.close(WAREHOUSE), stands()]).toEqual(['open', 'closed', NOTHING]);
    await doors.open(WAREHOUSE);
    await doors.open(WAREHOUSE);
    expect(stands()).toBeUndefined();
    expect(asked.filter((name) => !name.startsWith('Get'))).toHaveLength(2);
  });

  test('another boundary is neither replaced nor taken away', async () => {
    const other = 'arn:aws:iam::123456789012:policy/of-the-company';
    const { doors, stands } = open(other);
    await expect(doors.close(WAREHOUSE)).rejects.toMatchObject({ name: 'RoleBounded' });
    await doors.open(WAREHOUSE);
    expect(stands()).toBe(other);
  });

  test('a role that is gone is closed', async () => {
    expect(await open('missing').doors.close(WAREHOUSE)).toBe('missing');
  });
});
