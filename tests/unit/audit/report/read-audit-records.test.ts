import { createHash } from 'node:crypto';
import type { Measure } from '../../../../lib/domain/agreement/plan/measures';
import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import type { Side } from '../../../../lib/domain/agreement/plan/side';
import { listDestruction } from '../../../../lib/domain/audit/report/list-destruction';
import { readAuditRecords } from '../../../../lib/domain/audit/report/read-audit-records';
import { selectConduct } from '../../../../lib/domain/audit/report/select-conduct';
import { describeGrant } from '../../../../lib/domain/enforcement/policies/describe-grant';
import type { Entitlement } from '../../../../lib/domain/exchange/entitlements/entitlement';
import { planErasure } from '../../../../lib/domain/exchange/erasure/plan-erasure';
import type { ToldBreachRecord } from '../../../../lib/domain/registry/conduct-records';
import { verifySignature } from '../../../../lib/registry/verify-signature';
import { breachOf, releaseOf, roundOf } from '../../../fixtures/conduct';
import { attestationOf, confirmationOf, signerOf, stateAs, wordOf } from '../../../fixtures/party-keys';
import { registerSigned, signatureOf } from '../../../fixtures/registered';
import { makeTwoPartyPlan } from '../../../fixtures/sample-plan';
import { makeStoredRelease } from '../../../fixtures/stored-release';

const BASE = makeTwoPartyPlan();
const PLAN: Plan = {
  ...BASE,
  remedies: [
    { on: 'late-delivery', after: 'P3D', do: 'suspend-counterpart' },
    { on: 'late-delivery', after: 'P30D', do: 'terminate' },
    { on: 'forbidden-access', do: 'warn' },
    { on: 'forbidden-access', after: 'P7D', do: 'warn' },
  ],
};
const [USAGE, PURCHASES] = PLAN.legs as [Plan['legs'][number], Plan['legs'][number]];
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest());
const GRANT: Entitlement = {
  leg: USAGE.id,
  from: USAGE.from,
  party: USAGE.to,
  account: '222222222222',
  kind: 'data-grant',
  effect: 'grant',
  releases: ['2026-01-01'],
  reason: 'agreed',
  clause: '4.1',
};

async function read(now: string, fill: (registry: Awaited<ReturnType<typeof registerSigned>>['registry']) => unknown) {
  const { registry, agreement } = await registerSigned(PLAN);
  await registry.enlist(agreement);
  await fill(registry);
  const { record, objects } = makeStoredRelease(PLAN, USAGE, '2026-01-08');
  await registry.releases(agreement).create(record);
  const readCertificate = async (file: string) => objects.get(file);
  return readAuditRecords(registry, { sha256, verify: verifySignature, readCertificate, now });
}

const id = PLAN.agreement.id;

test('a version holds from its last signature, or its term’s first day, until its term is over', async () => {
  const { agreements } = await read('2026-02-01T00:00:00Z', () => undefined);
  expect(agreements).toMatchObject([
    { agreement: id, versions: [{ from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' }] },
  ]);
});

test('a later version begins with its last signature; what not all have signed never held', async () => {
  const next = (version: number): Plan => ({
    ...PLAN,
    agreement: { ...PLAN.agreement, version, content: `${version}`.repeat(64) },
  });
  const { agreements } = await read('2026-06-01T00:00:00Z', async (registry) => {
    for (const version of [2, 3]) {
      const plan = next(version);
      const { content } = plan.agreement;
      const record = {
        agreement: id,
        version,
        content,
        hash: 'ab'.repeat(32),
        plan,
        registeredAt: '2026-03-01T00:00:00Z',
      };
      await registry.versions(id).create(record);
      for (const [at, party] of plan.parties.entries())
        if (version === 2 || at === 0)
          await registry.signatures(id).create(signatureOf(plan, party.id, { at: `2026-03-0${at + 2}T10:00:00.000Z` }));
    }
  });
  expect(agreements[0]?.versions.map(({ plan, from, to }) => [plan.agreement.version, from, to])).toEqual([
    [1, '2026-01-01T00:00:00.000Z', '2026-03-03T10:00:00.000Z'],
    [2, '2026-03-03T10:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  ]);
  expect(agreements[0]?.proposed.map(({ agreement }) => agreement.version)).toEqual([3]);
});

test('what was decided is every change of an entitlement, and that givers may deliver while the agreement holds', async () => {
  const { decisions } = await read('2026-06-01T00:00:00Z', async (registry) => {
    await registry.current(id).change([], (current) => ({
      ...current,
      history: [
        {
          act: 'begin',
          from: 'signed',
          to: 'active',
          at: '2026-01-01T00:05:00Z',
          by: 'room',
          reason: 'its term begins',
          clause: 'term.starts',
        },
      ],
    }));
    for (const [effect, at] of [
      ['grant', '2026-01-02T00:00:00Z'],
      ['withhold', '2026-02-02T00:00:00Z'],
    ] as const)
      await registry.standing(id).create(describeGrant(PLAN, { ...GRANT, effect }, at));
    await registry.decisions(id).create({
      ...describeGrant(PLAN, GRANT, '2026-03-01T00:00:00Z'),
      id: 'request-7',
      door: 'api',
      operation: 'read-certificate',
      policy: 'permit:certificate',
    });
  });
  expect(decisions.map(({ party, leg, effect, clause, at }) => [at.slice(5, 10), party, leg, effect, clause])).toEqual([
    ['01-01', USAGE.from, USAGE.id, 'permit', 'term.starts'],
    ['01-01', PURCHASES.from, PURCHASES.id, 'permit', 'term.starts'],
    ['01-02', USAGE.to, USAGE.id, 'permit', '4.1'],
    ['02-02', USAGE.to, USAGE.id, 'forbid', '4.1'],
  ]);
});

describe('remedies of a late delivery by the retailer', () => {
  const late = { party: 'retail', leg: PURCHASES.id, since: '2026-03-01T00:00:00Z' };
  const entitlement = (state: 'granted' | 'revoked', at: string) => ({
    agreement: id,
    leg: USAGE.id,
    party: 'retail',
    kind: 'data-grant',
    state,
    releases: [],
    clause: '6.1',
    reason: 'party-suspended',
    at,
  });

  test.each([
    ['before their time', '2026-03-02T00:00:00Z', {}, undefined, ['pending', 'pending']],
    ['its time has come, and nothing was withdrawn', '2026-03-05T00:00:00Z', {}, 'granted', ['due', 'pending']],
    ['withdrawn', '2026-03-05T00:00:00Z', {}, 'revoked', ['done', 'pending']],
    ['over since', '2026-03-09T00:00:00Z', { resolvedAt: '2026-03-06T00:00:00Z' }, 'granted', ['lifted', 'spared']],
    ['over in time', '2026-03-09T00:00:00Z', { resolvedAt: '2026-03-02T00:00:00Z' }, 'granted', ['spared', 'spared']],
    [
      'overruled',
      '2026-03-09T00:00:00Z',
      { overruled: { by: 'the board', at: '2026-03-02T00:00:00Z', reason: 'agreed otherwise' } },
      'granted',
      ['spared', 'spared'],
    ],
    ['never delivered, and not ended', '2026-05-01T00:00:00Z', {}, 'revoked', ['done', 'due']],
  ] as const)('%s', async (_, now, changed, granted, states) => {
    const { conduct } = await read(now, async (registry) => {
      await registry.breaches(id).create(breachOf(PLAN, { ...late, ...changed }));
      if (granted !== undefined) await registry.entitlements(id).create(entitlement(granted, '2026-03-04T00:10:00Z'));
    });
    expect(conduct.breaches).toMatchObject([{ breach: 'late-delivery', party: 'retail', leg: PURCHASES.id }]);
    expect(conduct.breaches[0]?.remedies.map(({ state }) => state)).toEqual(states);
  });
});

test('of two remedies that ask for the same each is done by its own record', async () => {
  const { conduct } = await read('2026-05-01T00:00:00Z', async (registry) => {
    const taken = { do: 'warn', party: 'retail', clause: 'remedies[2]', at: '2026-03-01T00:10:00Z' } as const;
    const read = { kind: 'foreign-network', trigger: 'forbidden-access', party: 'retail', leg: USAGE.id } as const;
    await registry.breaches(id).create(breachOf(PLAN, { ...read, since: '2026-03-01T00:00:00Z', taken: [taken] }));
  });
  expect(conduct.breaches[0]?.remedies.map(({ state, at }) => [state, at])).toEqual([
    ['done', '2026-03-01T00:10:00Z'],
    ['due', '2026-03-08T00:00:00.000Z'],
  ]);
});

test('of what was over, an amendment’s remedies were spared; what was taken by the version before is told', async () => {
  const since = '2026-03-01T00:00:00Z';
  const over = { party: 'retail', leg: PURCHASES.id, since, resolvedAt: '2026-03-06T00:00:00Z' };
  const take = (measure: Measure, at: string) => ({ do: measure, party: 'retail', clause: 'remedies[0]', at }) as const;
  const { conduct } = await read('2026-07-01T00:00:00Z', async (registry) => {
    const agreement = { ...PLAN.agreement, version: PLAN.agreement.version + 1 };
    const next: Plan = { ...PLAN, agreement, remedies: [{ on: 'late-delivery', do: 'terminate' }] };
    const { plan, hash } = { plan: planForSide(next, { kind: 'hosted' }), hash: 'c3'.repeat(32) };
    const { version, content } = agreement;
    await registry.versions(id).create({ agreement: id, version, content, hash, plan, registeredAt: since });
    for (const party of next.parties)
      await registry.signatures(id).create({ ...signatureOf(next, party.id), at: '2026-06-01T00:00:00Z' });
    await registry.current(id).change([], (current) => ({ ...current, version }));
    const [first, second] = [
      take('suspend-counterpart', '2026-03-04T00:10:00Z'),
      take('revoke', '2026-03-05T00:10:00Z'),
    ];
    await registry.breaches(id).create(breachOf(PLAN, { ...over, taken: [first, second] }));
  });
  expect(conduct.breaches[0]?.remedies).toEqual([
    { do: 'terminate', clause: 'remedies[0]', state: 'spared', at: over.resolvedAt },
    { do: 'suspend-counterpart', clause: 'remedies[0]', state: 'lifted', at: over.resolvedAt },
    { do: 'revoke', clause: 'remedies[0]', state: 'done', at: '2026-03-05T00:10:00Z' },
  ]);
});

test('a certificate is believed where it is the one on record, and only there', async () => {
  const { conduct } = await read('2026-02-01T00:00:00Z', async (registry) => {
    const { record } = makeStoredRelease(PLAN, USAGE, '2026-01-15');
    await registry.releases(id).create({ ...record, certificate: 'ff'.repeat(32) });
    await registry.releases(id).create(releaseOf(PLAN, PURCHASES.id, '2026-01-08'));
  });
  expect(conduct.releases.map(({ leg, round, certificate }) => [leg, round, certificate.state])).toEqual([
    [PURCHASES.id, '2026-01-08', 'not-read'],
    [USAGE.id, '2026-01-08', 'read'],
    [USAGE.id, '2026-01-15', 'other'],
  ]);
});

test('a period has what lasted into it, was due in it or was certified in it', async () => {
  const { conduct } = await read('2026-06-01T00:00:00Z', async (registry) => {
    await registry.breaches(id).create(breachOf(PLAN, { report: 'lasts', since: '2026-02-01T00:00:00Z' }));
    await registry
      .breaches(id)
      .create(breachOf(PLAN, { report: 'was', since: '2026-02-01T00:00:00Z', resolvedAt: '2026-02-20T00:00:00Z' }));
    await registry.breaches(id).create(breachOf(PLAN, { report: 'later', since: '2026-04-02T00:00:00Z' }));
    for (const day of ['2026-02-26', '2026-03-05', '2026-04-02']) {
      await registry.rounds(id).create(roundOf(PLAN, day));
      await registry.releases(id).create(releaseOf(PLAN, USAGE.id, day));
    }
    await registry.attestations(id).create(attestationOf(PLAN, USAGE.id, '2026-05-01T00:00:00Z'));
  });
  const march = selectConduct(conduct, { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' });
  expect(march.breaches.map((breach) => breach.id)).toEqual(['lasts']);
  expect(march.rounds.map(({ day, certified }) => [day, certified])).toEqual([['2026-03-05', [USAGE.id]]]);
  expect(march.releases.map(({ round }) => round)).toEqual(['2026-03-05']);
  expect(conduct.attestations).toMatchObject([
    { leg: USAGE.id, sha256: createHash('sha256').update('shredded').digest('hex') },
  ]);
});

test('what is said in a party’s name and not signed by it is told as that; who erased whom, by whose word', async () => {
  const request = { dataset: USAGE.dataset, subject: 'ab'.repeat(32), tokens: {}, at: '2026-03-06T00:00:00Z' };
  const days = ['2026-02-26', '2026-03-05'];
  const { conduct } = await read('2027-06-01T00:00:00Z', async (registry) => {
    for (const day of days) await registry.releases(id).create(releaseOf(PLAN, USAGE.id, day));
    await registry.attestations(id).create({ ...attestationOf(PLAN, USAGE.id, '2027-01-05T00:00:00Z'), by: 'Eve' });
    const releases = await registry.releases(id).list();
    for (const [subject, signed] of [
      ['ab', undefined],
      ['cd', days],
      ['ef', ['2026-02-26']],
    ] as const) {
      const planned = planErasure(PLAN, { releases, earlier: [] }, { ...request, subject: subject.repeat(32) });
      const receivers = planned.receivers.map((each) => ({
        ...each,
        confirmations:
          signed === undefined
            ? []
            : [{ ...confirmationOf(PLAN, USAGE.id, planned.id, signed), releases: days, at: '2026-03-20T00:00:00Z' }],
      }));
      await registry.erasures(id).create({ ...planned, receivers });
    }
  });
  expect(conduct.attestations).toMatchObject([{ leg: USAGE.id, by: 'Eve', fault: 'not-genuine' }]);
  const told = conduct.erasures.map(({ erasure, party, due, state, attestation }) => [
    erasure?.slice(-4),
    party,
    due,
    state,
    attestation?.fault,
  ]);
  expect(told).toEqual([
    ['abab', 'retail', '2026-04-06', 'overdue', undefined],
    ['cdcd', 'retail', '2026-04-06', 'given', undefined],
    ['efef', 'retail', '2026-04-06', 'unproven', 'not-genuine'],
  ]);
  const agreements = [{ plan: PLAN, from: '2026-01-01T00:00:00Z', places: [], sftpUsers: {}, doors: [] }];
  expect(listDestruction(agreements, conduct, '2027-06-01T00:00:00Z')[0]).toMatchObject({
    leg: USAGE.id,
    state: 'unproven',
  });
});

test('a version that not all have signed has nobody’s keys: what is said under it is nobody’s word', async () => {
  const { publicKey } = signerOf('eve');
  const plan: Plan = {
    ...PLAN,
    agreement: { ...PLAN.agreement, version: 2, content: '2'.repeat(64) },
    parties: PLAN.parties.map((each) => (each.id === USAGE.to ? { ...each, signingKey: publicKey } : each)),
  };
  const { conduct } = await read('2027-06-01T00:00:00Z', async (registry) => {
    const { version, content } = plan.agreement;
    const registered = { hash: 'ab'.repeat(32), plan, registeredAt: '2026-03-01T00:00:00Z' };
    await registry.versions(id).create({ agreement: id, version, content, ...registered });
    const attestation = attestationOf(plan, USAGE.id, '2027-01-05T00:00:00Z');
    const said = { purpose: 'attest-destruction', leg: USAGE.id, by: attestation.by, statement: 'shredded' } as const;
    await registry.attestations(id).create({ ...attestation, ...stateAs(plan, USAGE.to, said, signerOf('eve')) });
  });
  expect(conduct.attestations).toMatchObject([{ leg: USAGE.id, fault: 'other-version' }]);
});

test('who has signed that all is destroyed has nobody to erase from it', async () => {
  const request = { dataset: USAGE.dataset, subject: 'ab'.repeat(32), tokens: {}, at: '2026-03-06T00:00:00Z' };
  const erasuresBy = async (by?: string) => {
    const { conduct } = await read('2027-06-01T00:00:00Z', async (registry) => {
      await registry.releases(id).create(releaseOf(PLAN, USAGE.id, '2026-03-05'));
      const attestation = attestationOf(PLAN, USAGE.id, '2027-01-05T00:00:00Z');
      await registry.attestations(id).create(by === undefined ? attestation : { ...attestation, by });
      const planned = planErasure(PLAN, { releases: await registry.releases(id).list(), earlier: [] }, request);
      await registry.erasures(id).create(planned);
    });
    return conduct.erasures.map(({ state }) => state);
  };
  expect([await erasuresBy(), await erasuresBy('Eve')]).toEqual([[], ['overdue']]);
});

test('an agreement that does not hang together is left out', async () => {
  const { registry, items } = await registerSigned(PLAN);
  await registry.enlist(id);
  items.clear();
  await registry.enlist(id);
  expect(
    await readAuditRecords(registry, {
      sha256,
      verify: verifySignature,
      readCertificate: async () => undefined,
      now: '2026-06-01T00:00:00Z',
    }),
  ).toEqual({
    agreements: [],
    decisions: [],
    conduct: {
      breaches: [],
      rounds: [],
      releases: [],
      attestations: [],
      erasures: [],
      retention: [],
      problems: [],
      drifts: [],
      told: [],
    },
  });
});

test('of a release that lies with another peer no certificate is asked for', async () => {
  const { registry, agreement } = await registerSigned(PLAN);
  await registry.enlist(agreement);
  await registry.releases(agreement).create(releaseOf(PLAN, PURCHASES.id, '2026-01-08', { place: '' }));
  const readCertificate = () => Promise.reject(new Error('denied'));
  const { conduct } = await readAuditRecords(registry, {
    sha256,
    verify: verifySignature,
    readCertificate,
    now: '2026-02-01T00:00:00Z',
  });
  expect(conduct.releases).toMatchObject([{ leg: PURCHASES.id }]);
});

test('what was changed by hand and put back is told, in its period', async () => {
  const drift = (day: string, leg: string, account = '444455556666') => ({
    ...{ agreement: id, day, account, leg, did: 'added' as const, clause: 'legs[0]', reason: 'not-agreed' },
    at: `${day}T08:00:00Z`,
  });
  const { conduct } = await read('2026-06-01T00:00:00Z', async (registry) => {
    for (const each of [drift('2026-03-20', USAGE.id), drift('2026-03-02', 'none'), drift('2026-04-01', USAGE.id)])
      await registry.drifts(id).create(each);
  });
  const march = selectConduct(conduct, { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' });
  expect(march.drifts.map(({ at, leg, account, did }) => [at.slice(0, 10), leg, account, did])).toEqual([
    ['2026-03-02', 'none', '444455556666', 'added'],
    ['2026-03-20', USAGE.id, '444455556666', 'added'],
  ]);
});

test('what parties have reported is told: in its period, and to a party what concerns it', async () => {
  const problem = (party: string, at: string, leg?: string) => ({
    ...{ id: `problem-${party}-${at.slice(0, 10)}`, agreement: id, party, text: 'the column is empty', at },
    ...(leg === undefined ? {} : { leg }),
  });
  const { conduct } = await read('2026-06-01T00:00:00Z', async (registry) => {
    for (const each of [
      problem('retail', '2026-03-20T00:00:00Z', USAGE.id),
      problem('telco', '2026-03-02T00:00:00Z'),
      problem('retail', '2026-04-01T00:00:00Z'),
    ])
      await registry.problems(id).create(each);
  });
  const march = selectConduct(conduct, { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' });
  expect(march.problems.map(({ party, leg, text }) => [party, leg, text])).toEqual([
    ['telco', undefined, 'the column is empty'],
    ['retail', USAGE.id, 'the column is empty'],
  ]);
});

describe('what peers’ rooms say of breaches', () => {
  const NOW = '2026-06-01T00:00:00Z';
  const heard = (day: string, to?: string) => ({
    heardAt: `${to ?? day}T08:00:00Z`,
    held: { from: `${day}T08:00:00Z`, ...(to === undefined ? {} : { to: `${to}T08:00:00Z` }) },
  });
  const by = (from: string, day: string) => ({
    from,
    party: from === 'retail' ? 'telco' : 'retail',
    at: `${day}T07:00:00Z`,
  });
  const readTold = async (words: readonly ToldBreachRecord[], side: Side = { kind: 'peer', party: 'telco' }) => {
    const { registry, agreement } = await registerSigned(PLAN, undefined, side);
    await registry.enlist(agreement);
    for (const word of words) await registry.toldBreaches(agreement).create(word);
    const readCertificate = async () => undefined;
    return (await readAuditRecords(registry, { sha256, verify: verifySignature, readCertificate, now: NOW })).conduct;
  };

  test('is told whole: what was signed, since when it is known, and until when', async () => {
    const stands = wordOf(PLAN, by('retail', '2026-03-02'), { report: 'b', ...heard('2026-03-02') });
    const over = wordOf(PLAN, by('retail', '2026-03-03'), {
      report: 'c',
      state: 'over',
      ...heard('2026-03-03', '2026-03-05'),
    });
    const own = wordOf(PLAN, by('telco', '2026-03-04'), { report: 'd', sentAt: '2026-03-04T09:00:00Z' });
    const never = wordOf(PLAN, by('retail', '2026-03-06'), {
      report: 'e',
      state: 'over',
      heardAt: '2026-03-06T08:00:00Z',
    });
    const { told } = await readTold([stands, over, own, never]);
    const signed = ({ heardAt: _, held: __, sentAt: ___, ...word }: ToldBreachRecord) => word;
    expect(told).toHaveLength(4);
    expect(told).toEqual(
      expect.arrayContaining([
        { ...signed(stands), heard: '2026-03-02T08:00:00Z' },
        { ...signed(over), heard: '2026-03-03T08:00:00Z', until: '2026-03-05T08:00:00Z' },
        { ...signed(own), heard: '2026-03-04T07:00:00Z' },
        { ...signed(never), heard: '2026-03-06T08:00:00Z', until: '2026-03-06T08:00:00Z' },
      ]),
    );
  });

  test.each<[string, string, Partial<ToldBreachRecord>]>([
    ['was changed', 'not-genuine', { state: 'over' }],
    ['is signed with another key', 'other-key', { publicKey: wordOf(PLAN, by('telco', '2026-03-02')).publicKey }],
    ['is of other contents', 'other-version', { content: 'd'.repeat(64) }],
    ['is of no version on record', 'other-version', { version: 9 }],
  ])('says so of a word that %s', async (_, fault, changed) => {
    const { told } = await readTold([{ ...wordOf(PLAN, by('retail', '2026-03-02')), ...changed }]);
    expect(told.map((word) => word.fault)).toEqual([fault]);
  });

  test('a hosted room’s report has nothing of', async () => {
    const { told } = await readTold([wordOf(PLAN, by('retail', '2026-03-02'))], { kind: 'hosted' });
    expect(told).toEqual([]);
  });

  test('belongs to the periods in which it was known to stand', async () => {
    const conduct = await readTold([
      wordOf(PLAN, by('retail', '2026-03-20'), { report: 'march', ...heard('2026-03-20') }),
      wordOf(PLAN, by('retail', '2026-02-20'), { report: 'long', state: 'over', ...heard('2026-02-20', '2026-03-01') }),
      wordOf(PLAN, by('retail', '2026-02-02'), {
        report: 'former',
        state: 'over',
        ...heard('2026-02-02', '2026-02-28'),
      }),
      wordOf(PLAN, by('retail', '2026-03-31'), { report: 'later', ...heard('2026-04-01') }),
    ]);
    const select = (from: string, to: string) =>
      selectConduct(conduct, { from: `${from}T08:00:00Z`, to: `${to}T08:00:00Z` }).told?.map(({ report }) => report);
    expect(select('2026-03-01', '2026-04-01')).toEqual(['long', 'march']);
    expect(select('2026-01-01', '2026-02-02')).toBeUndefined();
  });
});
