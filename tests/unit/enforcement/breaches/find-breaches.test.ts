import fc from 'fast-check';
import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import type { Access } from '../../../../lib/domain/audit/access';
import type { AttributedAccess } from '../../../../lib/domain/audit/attribution/attribute-accesses';
import type { Attributed, Attribution } from '../../../../lib/domain/audit/attribution/attribution';
import { findNetworks } from '../../../../lib/domain/audit/attribution/find-networks';
import { judgeAccess } from '../../../../lib/domain/audit/attribution/judge-access';
import { MAX_EVIDENCE } from '../../../../lib/domain/enforcement/breaches/breach-evidence';
import { type BreachContext, findBreaches } from '../../../../lib/domain/enforcement/breaches/find-breaches';
import { listUntaken } from '../../../../lib/domain/enforcement/breaches/list-untaken';
import { overruleBreach } from '../../../../lib/domain/enforcement/breaches/overrule-breach';
import { recordBreach } from '../../../../lib/domain/enforcement/breaches/record-breach';
import { remediesAt } from '../../../../lib/domain/enforcement/breaches/remedies-at';
import { listBreachLetters } from '../../../../lib/domain/enforcement/letters/list-breach-letters';
import { type BreachRecord, breachSchema } from '../../../../lib/domain/registry/conduct-records';
import { openRegistry } from '../../../../lib/domain/registry/registry';
import { openMemoryStore } from '../../../fixtures/memory-store';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { registerSigned } from '../../../fixtures/registered';

const USAGE = 'telco-retail-usage';
const PLAN = {
  ...TELCO_RETAIL_PLAN,
  parties: [TELCO_RETAIL_PLAN.parties[0]!, { ...TELCO_RETAIL_PLAN.parties[1]!, networks: ['198.51.100.0/24'] }],
  legs: [{ ...TELCO_RETAIL_PLAN.legs[0]!, quota: { requests: 3 } }, TELCO_RETAIL_PLAN.legs[1]!],
};
const CONTEXT: BreachContext = {
  plan: PLAN,
  roomAccounts: new Set(['999900001111']),
  lastDay: '2026-12-31',
  norm: { usual: { [USAGE]: 1000 }, factor: 10 },
  counted: { days: [], periods: [] },
  now: '2026-03-02T00:00:00Z',
};
const PERMIT = {
  id: 'd',
  effect: 'permit',
  agreement: { id: 'telco-retail-2026', version: 1 },
  party: 'retail',
  leg: USAGE,
  clause: '1',
  at: '2026-01-01T00:00:00Z',
} as const;
let serial = 0;

function seen(
  access: Partial<Access> = {},
  attribution: Partial<Attribution> = {},
  plan: Plan = PLAN,
): AttributedAccess {
  serial += 1;
  const whole: Access = {
    id: `cloudtrail/access-${serial}/999900001111`,
    witness: 'cloudtrail',
    at: '2026-03-01T10:00:00Z',
    service: 's3',
    operation: 'GetObject',
    act: 'read',
    outcome: 'allowed',
    actor: { kind: 'account', account: '444455556666' },
    resource: { kind: 'object', bucket: 'lake', key: 'a' },
    bytes: { out: 100, in: 0 },
    joins: {},
    client: { ip: '198.51.100.9' },
    ...access,
  };
  const named = {
    kind: 'attributed',
    party: 'retail',
    agreement: { id: 'telco-retail-2026', version: 1 },
    leg: USAGE,
    role: 'receiver',
    holds: 'release',
    decision: PERMIT,
    joins: { party: 'actor', leg: 'object' },
    confidence: 'certain',
    ...attribution,
  } as Attributed;
  const inForce = { plan, from: '2026-01-01T00:00:00Z', places: [], sftpUsers: {}, doors: [] };
  const told = { access: whole, witnesses: [] };
  const networks = named.kind === 'attributed' ? findNetworks(inForce, named, named.joins.party, told) : undefined;
  const whose = networks === undefined ? named : { ...named, networks };
  const joined = {
    access: whole,
    otherSides: [],
    witnesses: [],
    vendedBy: [],
    crossing: { kind: 'other-account', account: '444455556666', by: 'actor' },
  } as unknown as AttributedAccess['joined'];
  return { joined, attribution: whose };
}
const kinds = (...accesses: AttributedAccess[]) =>
  findBreaches(accesses, CONTEXT).map(({ breach, party, leg }) => [breach, party, leg]);

test('what was agreed and decided is no breach, nor what the room or the giver does', () => {
  const giver = { role: 'giver', holds: 'delivery' } as const;
  const handedIn = (['read', 'write', 'delete', 'list'] as const).map((act) => seen({ act }, giver));
  const room = seen({}, { kind: 'internal', by: 'own-account' });
  expect(kinds(seen(), seen({}, { role: 'giver' }), seen({ act: 'list' }), ...handedIn, room)).toEqual([]);
});

test.each<[string, Partial<Access>, Partial<Attribution>, [string, string | undefined, string | undefined]]>([
  ['after the last day', { at: '2027-01-01T00:00:00Z' }, {}, ['after-expiry', 'retail', USAGE]],
  ['before the first', { at: '2025-12-31T23:00:00Z' }, {}, ['after-expiry', 'retail', USAGE]],
  ['from another network', { client: { ip: '203.0.113.5' } }, {}, ['foreign-network', 'retail', USAGE]],
  [
    'by somebody whom no agreement names',
    {},
    { kind: 'unattributed', reason: 'no-party' },
    ['foreign-principal', undefined, undefined],
  ],
  ['of another’s leg', {}, { role: 'other-party', party: 'bank' }, ['other-partys-leg', 'bank', USAGE]],
  [
    'of another’s leg that changes it',
    { act: 'write' },
    { role: 'other-party' },
    ['other-partys-leg', 'retail', USAGE],
  ],
  ['to what the giver handed in', {}, { holds: 'delivery' }, ['outside-role', 'retail', USAGE]],
  ['that lists what the giver handed in', { act: 'list' }, { holds: 'delivery' }, ['outside-role', 'retail', USAGE]],
  ['that plants a file there', { act: 'write' }, { holds: 'delivery' }, ['outside-role', 'retail', USAGE]],
  ['that overwrites a release', { act: 'write' }, {}, ['outside-role', 'retail', USAGE]],
  ['that deletes a release', { act: 'delete' }, {}, ['outside-role', 'retail', USAGE]],
  ['by its giver that overwrites it', { act: 'write' }, { role: 'giver' }, ['outside-role', 'retail', USAGE]],
  ['by its giver that deletes it', { act: 'delete' }, { role: 'giver' }, ['outside-role', 'retail', USAGE]],
  ['that shows what is others’', { act: 'list' }, { showsOthers: true }, ['outside-role', 'retail', USAGE]],
  ['that was forbidden', {}, { decision: { ...PERMIT, effect: 'forbid' } }, ['forbidden-access', 'retail', USAGE]],
  ['far more than usual', { bytes: { out: 10_001, in: 0 } }, {}, ['bulk-read', 'retail', USAGE]],
  ['that passes it on', { act: 'permit', receiver: '777777777777' }, {}, ['resharing', 'retail', USAGE]],
])('an access %s', (_, access, attribution, expected) => {
  expect(kinds(seen(access, attribution))).toEqual([expected]);
});

test('an access that nobody decided', () => {
  const { attribution, joined } = seen();
  const { decision: _, ...undecided } = attribution as Extract<Attribution, { kind: 'attributed' }>;
  expect(kinds({ joined, attribution: undecided })).toEqual([['undecided-access', 'retail', USAGE]]);
});

test.each<[string, Partial<Access>]>([
  ['was refused', { outcome: 'denied', at: '2027-01-01T00:00:00Z' }],
  ['AWS made for the party, from no address', { client: { ip: 'athena.amazonaws.com' } }],
  ['grants to itself', { act: 'permit', receiver: '444455556666' }],
  ['takes back what a stranger had', { act: 'permit', operation: 'RevokePermissions', receiver: '777777777777' }],
  ['grants back to the room', { act: 'permit', receiver: '999900001111' }],
])('what %s is none', (_, access) => {
  expect(kinds(seen(access))).toEqual([]);
});

describe('a call that failed', () => {
  const error = { bytes: { out: 277, in: 0 }, outcome: 'failed', client: { ip: '203.0.113.5' } } as const;
  const sftp = { ...error, service: 'transfer', operation: 'SFTP Server File Download Failed' };
  const known = { room: CONTEXT.roomAccounts, parties: new Set(PLAN.parties.map(({ account }) => account)) };
  const found = (access: Partial<Access>, attribution: Partial<Attribution>) => {
    const one = seen(access, attribution);
    const reported = judgeAccess(one.joined.access, one.attribution, known, true);
    return { breaches: kinds(one).map(([kind]) => kind), exceptions: reported.map(({ kind }) => kind) };
  };

  test.each<[string, Partial<Access>, Partial<Attribution>]>([
    ['a read of what is not there', { ...error, error: 'NoSuchKey' }, {}],
    ['a read that S3 was too busy for', { ...error, error: 'SlowDown', at: '2027-01-01T00:00:00Z' }, {}],
    ['a read that was forbidden, beyond the end of a file', error, { decision: { ...PERMIT, effect: 'forbid' } }],
    ['a giver’s write over a release', { ...error, act: 'write', operation: 'PutObject' }, { role: 'giver' }],
    ['a stranger’s read', error, { kind: 'unattributed', reason: 'no-party', account: '777777777777' }],
    ['a policy that would have let strangers in', { ...error, act: 'change', grantees: ['777777777777'] }, {}],
    ['an upload by SFTP', { ...sftp, act: 'write', bytes: { out: 0, in: 277 } }, {}],
    ['a download by SFTP that never began', { ...sftp, bytes: { out: 0, in: 0 } }, {}],
  ])('did nothing, whatever its error weighs: %s', (_, access, attribution) => {
    expect(found(access, attribution)).toEqual({ breaches: [], exceptions: [] });
  });

  test('halfway through a download by SFTP is held to what was agreed, at once and by the report', () => {
    const whole = { breaches: ['foreign-network'], exceptions: ['foreign-network'] };
    expect(found(sftp, {})).toEqual(whole);
    expect(found({ ...sftp, witness: 'transfer-log', operation: 'PARTIAL_CLOSE' }, {})).toEqual(whole);
  });
});

describe('a warehouse, which reads with a role of the room', () => {
  const byRole = { joins: { party: 'role', leg: 'object' } } as const;
  const elsewhere = { client: { ip: '192.0.2.55' } };
  const via = { kind: 'snowflake', storageAwsIamUserArn: 'arn:aws:iam::888877776666:user/a', externalId: 'x' } as const;
  const found = (quota: { readonly requests?: number; readonly bytes?: number }, reads: number, of = byRole) => {
    const plan = { ...PLAN, legs: [{ ...PLAN.legs[0]!, via, quota }, PLAN.legs[1]!] };
    const accesses = Array.from({ length: reads }, () => seen(elsewhere, of, plan));
    return findBreaches(accesses, { ...CONTEXT, plan }).map(({ breach }) => breach);
  };

  test.each([
    ['from its provider’s networks, in many parts', { requests: 3 }, 9, []],
    ['up to the quota', { bytes: 900 }, 9, []],
    ['beyond the quota', { bytes: 899 }, 9, ['over-quota']],
    ['far more than it did', {}, 101, ['bulk-read']],
  ])('reads %s', (_, quota, reads, breaches) => {
    expect(found(quota, reads)).toEqual(breaches);
  });

  test('and a party with its own account is still held to its networks', () => {
    const own = { joins: { party: 'actor', leg: 'object' } } as unknown as typeof byRole;
    expect(found({}, 1, own)).toEqual(['foreign-network']);
    expect(kinds(seen(elsewhere, byRole))).toEqual([['foreign-network', 'retail', USAGE]]);
  });
});

test('reads beyond the quota of a period are told once, with what shows them', () => {
  const reads = ['01', '02', '03', '04'].map((day) => seen({ at: `2026-01-${day}T10:00:00Z` }));
  expect(findBreaches(reads.slice(0, 3), CONTEXT)).toEqual([]);
  expect(findBreaches(reads, CONTEXT)).toMatchObject([
    { breach: 'over-quota', evidence: [reads[3]!.joined.access.id] },
  ]);
});

test('the same again is the same record; many of a day are one', async () => {
  const reads = [seen({ client: { ip: '203.0.113.5' } }), seen({ client: { ip: '203.0.113.6' } })];
  const [report, ...more] = findBreaches(reads, CONTEXT);
  expect(more).toEqual([]);
  expect(report).toMatchObject({
    report: `foreign-network:retail:${USAGE}:2026-03-01`,
    evidence: reads.map(({ joined }) => joined.access.id),
  });
  const registry = openRegistry(openMemoryStore().store);
  const record = await recordBreach(registry, report!);
  expect(await recordBreach(registry, findBreaches(reads, CONTEXT)[0]!)).toEqual(record);
  expect(breachSchema.safeParse(record).success).toBe(true);
});

describe('a breach that was answered', () => {
  const foreign = (ip: string, at: string) => seen({ client: { ip }, at });
  const first = foreign('203.0.113.5', '2026-03-01T08:00:00Z');
  const later = foreign('203.0.113.6', '2026-03-01T09:00:00Z');
  const NAME = `foreign-network:retail:${USAGE}:2026-03-01`;
  const idsOf = (...accesses: AttributedAccess[]) => accesses.map(({ joined }) => joined.access.id);

  async function answer(how: Partial<BreachRecord>) {
    const registry = openRegistry(openMemoryStore().store);
    await recordBreach(registry, findBreaches([first], CONTEXT)[0]!);
    const breaches = registry.breaches('telco-retail-2026');
    await breaches.change([NAME], (record) => ({ ...record, ...how }));
    const look = async (...accesses: AttributedAccess[]) => {
      const found = findBreaches(accesses, { ...CONTEXT, breaches: await breaches.list() });
      for (const report of found) await recordBreach(registry, report);
      return found.map(({ since }) => since);
    };
    const onRecord = async () => (await breaches.list()).map(({ report, evidence }) => [report, evidence]);
    return { look, onRecord };
  }

  test.each<[string, Partial<BreachRecord>]>([
    ['overruled', { overruled: { by: 'telco', at: '2026-03-01T08:30:00Z', reason: 'a new office' } }],
    ['over', { resolvedAt: '2026-03-01T08:30:00Z' }],
  ])('%s swallows nothing that comes after it', async (_, how) => {
    const { look, onRecord } = await answer(how);
    expect(await look(first)).toEqual([]);
    expect(await look(first, later)).toEqual(['2026-03-01T09:00:00Z']);
    expect(await look(first, later)).toEqual(['2026-03-01T09:00:00Z']);
    expect(await onRecord()).toEqual([
      [NAME, idsOf(first)],
      [`${NAME}:again-2`, idsOf(later)],
    ]);
  });

  test('not yet, grows by what shows it', async () => {
    const { look, onRecord } = await answer({});
    await look(later);
    await look(first, later);
    expect(await onRecord()).toEqual([[NAME, idsOf(first, later)]]);
  });

  test('not yet, is no other by what is beyond the accesses that it can name', async () => {
    const registry = openRegistry(openMemoryStore().store);
    const report = findBreaches([first], CONTEXT)[0]!;
    const evidence = Array.from({ length: MAX_EVIDENCE + 1 }, (_, index) => `cloudtrail/${index}`);
    const full = await recordBreach(registry, { ...report, evidence: evidence.slice(0, MAX_EVIDENCE) });
    expect(await recordBreach(registry, { ...report, evidence: evidence.slice(MAX_EVIDENCE) })).toEqual(full);
    expect(await registry.breaches('telco-retail-2026').list()).toEqual([full]);
  });

  test('of a stranger is not that of another', () => {
    const stranger = (account: string) => seen({}, { kind: 'unattributed', reason: 'no-party', account });
    const names = findBreaches([stranger('777777777777'), stranger('888888888888')], CONTEXT);
    expect(names.map(({ report }) => report)).toEqual([
      'foreign-principal:777777777777:none:2026-03-01',
      'foreign-principal:888888888888:none:2026-03-01',
    ]);
  });

  test('whatever order accesses are looked at and breaches answered in, each access is on record once', async () => {
    const accesses = Array.from({ length: 6 }, (_, hour) => foreign('203.0.113.5', `2026-03-01T1${hour}:00:00Z`));
    const step = fc.oneof(fc.record({ upTo: fc.integer({ min: 1, max: 6 }) }), fc.constant('overrule' as const));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
        const registry = openRegistry(openMemoryStore().store);
        const breaches = registry.breaches('telco-retail-2026');
        let seenUpTo = 0;
        for (const each of steps) {
          const before = await breaches.list();
          if (each === 'overrule') {
            for (const { report } of before)
              await breaches.change([report], (record) => ({
                ...record,
                overruled: { by: 'x', at: CONTEXT.now, reason: 'y' },
              }));
            continue;
          }
          seenUpTo = Math.max(seenUpTo, each.upTo);
          for (const report of findBreaches(accesses.slice(0, each.upTo), {
            ...CONTEXT,
            norm: { usual: {}, factor: 1 },
            breaches: before,
          }))
            if (report.breach === 'foreign-network') await recordBreach(registry, report);
        }
        const named = (await breaches.list()).flatMap(({ evidence }) => evidence);
        expect([...named].sort()).toEqual(idsOf(...accesses.slice(0, seenUpTo)).sort());
      }),
      { seed: 5, numRuns: 60 },
    );
  });
});

describe('what follows', () => {
  const plan = {
    ...PLAN,
    remedies: [
      { on: 'forbidden-access' as const, do: 'warn' as const },
      { on: 'forbidden-access' as const, after: 'P2D', do: 'suspend-party' as const },
    ],
  };

  test('a measure that two remedies ask for is taken twice, each by its clause; numbered anew, by none again', async () => {
    const [now, later] = ['2026-03-02T00:00:00Z', '2026-03-09T10:00:00Z'];
    const warn = { on: 'forbidden-access', do: 'warn' } as const;
    const twice: Plan = { ...PLAN, remedies: [{ ...warn, after: 'P7D' }, warn] };
    const [report] = findBreaches([seen({ client: { ip: '203.0.113.5' } })], CONTEXT);
    const breach = await recordBreach(openRegistry(openMemoryStore().store), report!);
    const first = listUntaken(twice, breach, now, []);
    expect(first).toMatchObject([{ do: 'warn', clause: 'remedies[1]' }]);
    const warned = { ...breach, taken: [...first] };
    const second = listUntaken(twice, warned, later, []);
    expect(second).toMatchObject([{ do: 'warn', clause: 'remedies[0]' }]);
    const both = { ...warned, taken: [...first, ...second] };
    expect(listUntaken(twice, both, later, [])).toEqual([]);
    const moved: Plan = { ...twice, remedies: [{ on: 'resharing', do: 'warn' }, ...twice.remedies] };
    expect(listUntaken(moved, both, later, [])).toEqual([]);
    expect(listUntaken(moved, warned, later, [])).toMatchObject([{ do: 'warn' }]);
  });

  test('is taken once, and told to both sides', async () => {
    const registry = openRegistry(openMemoryStore().store);
    const [report] = findBreaches([seen({ client: { ip: '203.0.113.5' } })], CONTEXT);
    const breach = await recordBreach(registry, report!);
    const due = listUntaken(plan, breach, '2026-03-02T00:00:00Z', []);
    expect(due).toMatchObject([{ do: 'warn', party: 'retail', clause: 'remedies[0]' }]);
    const after = { ...breach, taken: [...due] };
    expect(listUntaken(plan, after, '2026-03-02T00:00:00Z', [])).toEqual([]);
    expect(listUntaken(plan, after, '2026-03-03T10:00:00Z', [])).toMatchObject([{ do: 'suspend-party' }]);
    const [letter] = listBreachLetters(plan, after);
    expect(letter?.to).toEqual(['telco:exchange', 'telco:privacy', 'retail:exchange', 'retail:privacy']);
    expect(letter?.text).toContain('What follows: warn of retail (remedies[0]).');
  });

  test('ends when a person overrules it, which is recorded once and for all', async () => {
    const { registry } = await registerSigned(TELCO_RETAIL_PLAN);
    const [report] = findBreaches([seen({ client: { ip: '203.0.113.5' } })], CONTEXT);
    const { report: id } = await recordBreach(registry, report!);
    const overruled = { by: 'telco', at: '2026-03-02T08:00:00Z', reason: 'a new office, agreed by telephone' };
    await overruleBreach(registry, 'telco-retail-2026', id, overruled);
    const again = await overruleBreach(registry, 'telco-retail-2026', id, { ...overruled, by: 'operator' });
    expect(again?.overruled).toEqual(overruled);
    expect(remediesAt(plan, [again!], '2026-04-01T00:00:00Z', [])).toEqual([]);
    expect(await overruleBreach(registry, 'telco-retail-2026', 'none', overruled)).toBeUndefined();
  });
});
