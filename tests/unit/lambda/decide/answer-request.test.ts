import { answerRequest } from '../../../../lambda/decide/answer-request';
import type { ApiEvent } from '../../../../lambda/shared/api-event';
import { openDoorRecorder } from '../../../../lambda/shared/record-at-door';
import { sha256 } from '../../../../lib/audit/node-crypto';
import { type VerifySignature, writeStatement } from '../../../../lib/domain/agreement/signature';
import type { TellRoom } from '../../../../lib/domain/enforcement/api/answers/tell-room';
import { API_CONTRACTS } from '../../../../lib/domain/enforcement/api/api-contracts';
import { API_OPERATIONS, type ApiOperation } from '../../../../lib/domain/enforcement/api/api-operations';
import { registerAgreement } from '../../../../lib/domain/enforcement/registration/register-agreement';
import { signVersion } from '../../../../lib/domain/enforcement/registration/sign-version';
import { planErasure } from '../../../../lib/domain/exchange/erasure/plan-erasure';
import { rememberPolicies } from '../../../../lib/policy/remember-policies';
import { verifySignature } from '../../../../lib/registry/verify-signature';
import { breachOf, releaseOf, roundOf } from '../../../fixtures/conduct';
import { attestationOf, confirmationOf, releaseAttestationsOf, signerOf, stateAs } from '../../../fixtures/party-keys';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';
import { recordLog } from '../../../fixtures/recorded-log';
import { EARLY, registerSigned, signatureOf, versionOf } from '../../../fixtures/registered';
import { makeParty } from '../../../fixtures/sample-plan';

const ROOM = '999900001111';
const policiesOf = rememberPolicies();
const NOW = new Date('2026-03-10T10:00:00Z');
/** The same beside every release. */
const CERTIFICATE = new TextEncoder().encode('{"certificateVersion":1}');
const readCertificate = async () => CERTIFICATE;
const CERTIFIED = { certificate: Buffer.from(sha256(CERTIFICATE)).toString('hex') };
const [USAGE, PURCHASES] = PLAN.legs.map(({ id }) => id) as [string, string];
const RETAIL = PLAN.parties[1]!.account;

/** What it was asked for is what it answers. */
const listAccesses = async (_: string, party: string, before = 300) => ({ accesses: [{ ...SHOWN, party }], before });
const SHOWN = {
  at: '2026-03-09T10:00:00Z',
  explained: 'attributed',
  act: 'read',
  operation: 's3:GetObject',
  outcome: 'allowed',
  resource: 'lake/part-0',
  entry: 7,
  leaf: 'ab'.repeat(32),
} as const;

const BREACH = breachOf(PLAN, { party: 'telco', leg: PURCHASES });
const ERASURE = planErasure(
  PLAN,
  { releases: [releaseOf(PLAN, USAGE, '2026-03-05')], earlier: [] },
  {
    dataset: 'usage',
    subject: 'ab'.repeat(32),
    key: 'arn:key-1',
    tokens: { [USAGE]: ['cd'.repeat(16)] },
    at: '2026-03-09T10:00:00Z',
  },
);

async function openRoom(parties?: readonly string[], verify: VerifySignature = verifySignature) {
  const { registry, agreement } = await registerSigned(PLAN, parties);
  if (parties === undefined) {
    const begin = {
      act: 'begin',
      from: 'signed',
      to: 'active',
      at: '2026-01-01T00:00:00Z',
      by: 'room',
      reason: 'x',
      clause: 'term',
    } as const;
    await registry
      .current(agreement)
      .change([], (current) => ({ ...current, state: 'active', history: [...current.history, begin] }));
    await registry.rounds(agreement).create(roundOf(PLAN, '2026-03-05'));
    for (const { id } of PLAN.legs)
      await registry.releases(agreement).create(releaseOf(PLAN, id, '2026-03-05', CERTIFIED));
    await registry.erasures(agreement).create(ERASURE);
    await registry.breaches(agreement).create(BREACH);
  }
  const { log, lines } = recordLog();
  const told: string[] = [];
  const tell: TellRoom = async (what, { agreement: of }) => void told.push(`${what} ${of}`);
  const record = openDoorRecorder();
  const ask = async (operation: ApiOperation, more: Partial<ApiEvent> & { readonly account?: string } = {}) => {
    const { method, path } = API_OPERATIONS.find(({ id }) => id === operation)!;
    const { account = RETAIL, ...rest } = more;
    const answer = await answerRequest(
      {
        routeKey: `${method} ${path}`,
        pathParameters: { agreement, release: `2026-03-05.${USAGE}` },
        requestContext: { accountId: ROOM, requestId: 'JKJaXmPLvHcESHA=', authorizer: { iam: { accountId: account } } },
        ...rest,
      },
      {
        registry,
        record,
        policiesOf,
        verify,
        listAccesses,
        tell,
        readCertificate,
        sha256,
        now: () => NOW,
        log,
      },
    );
    return { status: answer.statusCode, body: JSON.parse(answer.body ?? '') };
  };
  return { registry, agreement, ask, lines, told };
}

/** As the receiver signs it. */
function receiptOf(round: string, hash: string) {
  const said = { leg: USAGE, round, sha256: hash };
  return { ...said, ...stateAs(PLAN, 'retail', { purpose: 'confirm-receipt', ...said }) };
}

/** As the receiver signs it. */
const ATTESTED = pick(attestationOf(PLAN, USAGE, NOW.toISOString()));
const CONFIRMED = confirmationOf(PLAN, USAGE, ERASURE.id, ['2026-03-05']);

function attestationSigned(signer: ReturnType<typeof signerOf>) {
  const { leg, statement, by } = ATTESTED;
  return stateAs(PLAN, 'retail', { purpose: 'attest-destruction', leg, statement, by }, signer);
}

function pick({ agreement: _, party: __, at: ___, ...said }: ReturnType<typeof attestationOf>) {
  return said;
}

const ELSEWHERE = ['request-upload', 'read-release', 'request-erasure'];
test.each(API_OPERATIONS.map(({ id }) => id).filter((id) => !ELSEWHERE.includes(id)))(
  '%s answers a party as the document says, and the decision is on record',
  async (operation) => {
    const { ask, registry, agreement } = await openRoom();
    const bodies: Partial<Record<ApiOperation, object>> = {
      'attest-destruction': ATTESTED,
      'confirm-erasure': confirming(),
      'confirm-receipt': receiptOf('2026-03-05', 'ab'.repeat(32)),
      'give-notice': { reason: 'a better offer' },
      'suspend-agreement': { reason: 'a leak' },
      'resume-agreement': { reason: 'it was none' },
      'overrule-breach': { breach: BREACH.report, reason: 'a new office' },
      'report-problem': { text: 'a column is empty', leg: USAGE },
      'sign-version': pickSignature(signatureOf(PLAN, 'retail')),
    };
    const named = operation === 'read-certificate' ? {} : { pathParameters: { agreement } };
    const { status, body } = await ask(operation, {
      ...named,
      ...(bodies[operation] && { body: JSON.stringify(bodies[operation]) }),
    });
    const contract = API_CONTRACTS[operation].answers[String(status)];
    expect(contract?.schema.safeParse(body)).toMatchObject({ success: true });
    expect(await registry.decisions(agreement).list()).toMatchObject([
      { id: 'JKJaXmPLvHcESHA-', operation, party: 'retail', effect: 'permit', reason: 'agreed' },
    ]);
  },
);

function pickSignature({ version, content, algorithm, publicKey, signature }: ReturnType<typeof signatureOf>) {
  return { version, content, algorithm, publicKey, signature };
}

test('a party is shown its own', async () => {
  const { ask, agreement } = await openRoom();
  const own = { pathParameters: { agreement } };
  expect((await ask('read-agreement', own)).body.entitlements).toMatchObject([
    { leg: USAGE, effect: 'grant', releases: ['2026-03-05'] },
  ]);
  const { deliveries } = (await ask('list-deliveries', own)).body;
  expect(new Set(deliveries.map(({ leg }: { leg: string }) => leg))).toEqual(new Set([PURCHASES]));
  expect(JSON.stringify((await ask('list-releases', own)).body)).not.toContain('"place"');
});

test('a party is told what was changed by hand of its own legs, and of nobody else’s', async () => {
  const { ask, registry, agreement } = await openRoom();
  const drift = { agreement, day: '2026-03-06', account: '444455556666', did: 'added' as const, clause: '4.2' };
  for (const leg of [USAGE, 'none', 'another-leg'])
    await registry.drifts(agreement).create({ ...drift, leg, reason: 'not-agreed', at: '2026-03-06T08:00:00Z' });
  const { body } = await ask('read-agreement', { pathParameters: { agreement } });
  expect(API_CONTRACTS['read-agreement'].answers['200']?.schema.safeParse(body)).toMatchObject({ success: true });
  expect(body.drifts).toEqual([
    {
      at: '2026-03-06T08:00:00Z',
      leg: USAGE,
      account: '444455556666',
      did: 'added',
      reason: 'not-agreed',
      clause: '4.2',
    },
  ]);
});

test('a party of the version to come signs it, and is nobody before', async () => {
  const { ask, registry, agreement, told } = await openRoom();
  const bank = { ...makeParty('bank', 'Bank', 7), account: '777777777777' };
  const next = {
    ...PLAN,
    agreement: { ...PLAN.agreement, version: 2, content: 'd2'.repeat(32) },
    parties: [...PLAN.parties, bank],
  };
  await registerAgreement(registry, versionOf(next), EARLY);
  const own = { pathParameters: { agreement }, account: bank.account };
  expect((await ask('read-agreement', own)).status).toBe(403);
  const body = JSON.stringify(pickSignature(signatureOf(next, 'bank')));
  expect(await ask('sign-version', { ...own, body })).toEqual({
    status: 201,
    body: { decision: 'permit', unsigned: ['telco', 'retail'] },
  });
  for (const { id, account } of PLAN.parties) {
    expect(told).toEqual([]);
    await ask('sign-version', { ...own, account, body: JSON.stringify(pickSignature(signatureOf(next, id))) });
  }
  expect(told).toEqual([`wordRecorded ${agreement}`]);
});

test('a party is known by its account of the version in force, whatever a proposed one says', async () => {
  const { ask, registry, agreement } = await openRoom();
  const next = {
    ...PLAN,
    agreement: { ...PLAN.agreement, version: 2, content: 'd2'.repeat(32) },
    parties: PLAN.parties.map((each) => (each.id === 'retail' ? { ...each, account: '666666666666' } : each)),
  };
  await registerAgreement(registry, versionOf(next), EARLY);
  const own = { pathParameters: { agreement }, body: JSON.stringify(pickSignature(signatureOf(next, 'retail'))) };
  expect(await ask('sign-version', { ...own, account: '666666666666' })).toMatchObject({
    status: 403,
    body: { reason: 'unknown-caller' },
  });
  expect(await ask('sign-version', own)).toMatchObject({ status: 201, body: { unsigned: ['telco'] } });
});

test('a party that the version to come leaves out signs it', async () => {
  const { ask, registry, agreement } = await openRoom();
  const bank = { ...makeParty('bank', 'Bank', 7), account: '777777777777' };
  const next = {
    ...PLAN,
    agreement: { ...PLAN.agreement, version: 2, content: 'd2'.repeat(32) },
    parties: [PLAN.parties[0]!, bank],
  };
  await registerAgreement(registry, versionOf(next), EARLY);
  const body = JSON.stringify(pickSignature(signatureOf(next, 'retail')));
  expect(await ask('sign-version', { pathParameters: { agreement }, body })).toMatchObject({
    status: 201,
    body: { unsigned: ['telco', 'bank'] },
  });
});

test('a signature that does not hold is refused, and the registry stays as it was', async () => {
  const { ask, registry, agreement, told } = await openRoom(['telco']);
  const body = JSON.stringify(pickSignature(signatureOf(PLAN, 'retail', { content: '0'.repeat(64) })));
  expect(await ask('sign-version', { pathParameters: { agreement }, body })).toEqual({
    status: 409,
    body: { reason: 'other-content' },
  });
  expect(await registry.signatures(agreement).list()).toHaveLength(1);
  expect(told).toEqual([]);
  expect(writeStatement(signatureOf(PLAN, 'retail')).length).toBeGreaterThan(100);
});

const own = { pathParameters: { agreement: PLAN.agreement.id } };
test.each<[string, ApiOperation, Partial<ApiEvent> & { account?: string }, number, string]>([
  [
    'an operation that is none',
    'read-agreement',
    { routeKey: 'DELETE /agreements/{agreement}' },
    403,
    'unknown-operation',
  ],
  ['the default route', 'read-agreement', { routeKey: '$default' }, 403, 'unknown-operation'],
  ['a stranger', 'read-agreement', { ...own, account: '123456789012' }, 403, 'unknown-caller'],
  ['nobody', 'read-agreement', { ...own, requestContext: { accountId: ROOM, requestId: 'r' } }, 403, 'unknown-caller'],
  ['another agreement', 'read-agreement', { pathParameters: { agreement: 'another-2026' } }, 403, 'unknown-caller'],
  ['an agreement that is no name', 'read-agreement', { pathParameters: { agreement: 'a#b' } }, 403, 'unknown-caller'],
  ['no agreement', 'read-agreement', { pathParameters: {} }, 403, 'unknown-caller'],
  [
    'a certificate of no leg',
    'read-certificate',
    { pathParameters: { ...own.pathParameters, release: '../x' } },
    403,
    'unknown-leg',
  ],
  [
    'a release that is not there',
    'read-certificate',
    { pathParameters: { ...own.pathParameters, release: `2026-03-12.${USAGE}` } },
    404,
    'no-such-release',
  ],
  [
    'an attestation for another',
    'attest-destruction',
    { ...own, body: JSON.stringify({ leg: PURCHASES, statement: 'x', by: 'y' }) },
    403,
    'no-policy',
  ],
  [
    'an attestation that says too much',
    'attest-destruction',
    { ...own, body: JSON.stringify({ ...ATTESTED, at: 'then' }) },
    400,
    'malformed-request',
  ],
  ['a body that is no JSON', 'report-problem', { ...own, body: '{' }, 400, 'malformed-request'],
  [
    'a body that is too long',
    'report-problem',
    { ...own, body: JSON.stringify({ text: 'x'.repeat(20_000) }) },
    400,
    'malformed-request',
  ],
])('refused: %s', async (_, operation, event, status, reason) => {
  const { ask } = await openRoom();
  expect(await ask(operation, event)).toMatchObject({ status, body: { reason } });
});

test.each([
  ['active', 409, { reason: 'not-ended' }, []],
  ['suspended', 409, { reason: 'not-ended' }, []],
  ['ended', 201, { decision: 'permit' }, [USAGE]],
  ['settled', 201, { decision: 'permit' }, [USAGE]],
] as const)('destruction is attested after the end: %s', async (state, status, answer, attested) => {
  const { ask, registry, agreement } = await openRoom();
  await registry.current(agreement).change([], (current) => ({ ...current, state }));
  const body = JSON.stringify(ATTESTED);
  expect(await ask('attest-destruction', { pathParameters: { agreement }, body })).toEqual({ status, body: answer });
  expect((await registry.attestations(agreement).list()).map(({ leg }) => leg)).toEqual(attested);
});

/** One of the signed words of a request, changed. */
function confirming({
  erasure = ERASURE.id,
  ...changed
}: Partial<typeof CONFIRMED> & { readonly erasure?: string } = {}) {
  const { releases, signature, ...by } = { ...CONFIRMED, ...changed };
  const { version, content, algorithm, publicKey } = by;
  return { leg: USAGE, version, content, algorithm, publicKey, confirmations: [{ erasure, releases, signature }] };
}

test('many confirmations are on record all, or none; and each by the name that the receiver knows', async () => {
  const { ask, registry, agreement } = await openRoom();
  const own = { pathParameters: { agreement } };
  const others = ['ef', '12', '34'].map((part) => {
    const subject = part.repeat(32);
    const told = { ...ERASURE.receivers[0]!, erasure: `erasure-usage-told-${part}` };
    return { ...ERASURE, id: `erasure-usage-${part}`, subject, receivers: [told] };
  });
  for (const each of others) await registry.erasures(agreement).create(each);
  const named = others.map(({ receivers }) => receivers[0]!.erasure);
  const { version, content, algorithm, publicKey } = CONFIRMED;
  const say = (names: readonly string[]) => {
    const confirmations = names.map((erasure) => {
      const { releases, signature } = confirmationOf(PLAN, USAGE, erasure, ['2026-03-05']);
      return { erasure, releases, signature };
    });
    const body = JSON.stringify({ leg: USAGE, version, content, algorithm, publicKey, confirmations });
    return ask('confirm-erasure', { ...own, body });
  };
  const count = async () =>
    (await registry.erasures(agreement).list()).filter(({ receivers }) => receivers[0]!.confirmations.length > 0)
      .length;
  // The record's own id is no name that a receiver knows.
  expect(await say([...named, others[0]!.id])).toMatchObject({ status: 404, body: { erasure: others[0]!.id } });
  expect(await count()).toBe(0);
  expect((await say(named)).status).toBe(201);
  expect(await count()).toBe(3);
  expect((await say(Array.from({ length: 101 }, () => named[0]!))).status).toBe(400);
  const shown = (await ask('list-erasures', own)).body.erasures.map(({ erasure }: { erasure: string }) => erasure);
  expect(shown.sort()).toEqual([ERASURE.id, ...named].sort());
});

test.each<[string, object, number, string]>([
  ['unsigned', { signature: undefined }, 400, 'malformed-request'],
  ['signed with another key', attestationSigned(signerOf('eve')), 409, 'other-key'],
  ['with the signature of another text', { statement: 'burnt' }, 409, 'not-genuine'],
  ['with the signature of another name', { by: 'B. Keeper' }, 409, 'not-genuine'],
  ['with the signature of another version', { version: 2 }, 409, 'other-version'],
  ['with the signature of another content', { content: 'ab'.repeat(32) }, 409, 'other-version'],
])('an attestation is refused and not kept: %s', async (_, changed, status, reason) => {
  const { ask, registry, agreement } = await openRoom();
  await registry.current(agreement).change([], (current) => ({ ...current, state: 'ended' }));
  const body = JSON.stringify({ ...ATTESTED, ...changed });
  expect(await ask('attest-destruction', { pathParameters: { agreement }, body })).toMatchObject({
    status,
    body: { reason },
  });
  expect(await registry.attestations(agreement).list()).toEqual([]);
});

test.each<[string, object, number, string]>([
  ['unsigned', { signature: undefined }, 400, 'malformed-request'],
  ['an attestation’s signature', pick(attestationOf(PLAN, USAGE, NOW.toISOString())), 409, 'not-genuine'],
  ['of other releases than are signed', { releases: ['2026-03-05', '2026-03-12'] }, 409, 'not-genuine'],
  ['of none', { releases: [] }, 400, 'malformed-request'],
  ['of what is not out', confirmationOf(PLAN, USAGE, ERASURE.id, ['2026-03-12']), 409, 'not-received'],
  ['of another erasure', confirmationOf(PLAN, USAGE, 'erasure-usage-x', ['2026-03-05']), 409, 'not-genuine'],
])('a confirmation is refused and not kept: %s', async (_, changed, status, reason) => {
  const { ask, registry, agreement } = await openRoom();
  const body = JSON.stringify(confirming(changed));
  expect(await ask('confirm-erasure', { pathParameters: { agreement }, body })).toMatchObject({
    status,
    body: { reason },
  });
  expect((await registry.erasures(agreement).read(ERASURE.id))?.receivers[0]?.confirmations).toEqual([]);
});

test('an erasure is told to its giver and to its receiver, to the latter with its token, and confirmed by it alone', async () => {
  const { ask, registry, agreement, told } = await openRoom();
  const own = { pathParameters: { agreement } };
  const [TELCO] = PLAN.parties.map(({ account }) => account) as [string];
  const shown = { erasure: ERASURE.id, leg: USAGE, unconfirmed: ['2026-03-05'] };
  for (const [account, tokens] of [
    [TELCO, []],
    [RETAIL, ['cd'.repeat(16)]],
  ] as const)
    expect((await ask('list-erasures', { ...own, account })).body.erasures).toMatchObject([{ ...shown, tokens }]);
  expect(JSON.stringify((await ask('list-erasures', own)).body)).not.toContain(ERASURE.subject);
  const confirm = (named: object, account = RETAIL) =>
    ask('confirm-erasure', {
      ...own,
      account,
      body: JSON.stringify(confirming(named)),
    });
  expect(await confirm({}, TELCO)).toMatchObject({ status: 403, body: { reason: 'no-policy' } });
  const none = { reason: 'no-such-erasure', erasure: 'erasure-usage-x' };
  expect(await confirm({ erasure: 'erasure-usage-x' })).toEqual({ status: 404, body: none });
  expect(
    await ask('confirm-erasure', { ...own, body: JSON.stringify({ ...confirming(), until: 'then' }) }),
  ).toMatchObject({ status: 400 });
  expect(told).toEqual([]);
  for (let times = 0; times < 2; times += 1) expect((await confirm({})).status).toBe(201);
  expect(told).toEqual(Array(2).fill(`wordRecorded ${agreement}`));
  expect((await registry.erasures(agreement).read(ERASURE.id))?.receivers).toMatchObject([
    { confirmations: [{ ...CONFIRMED, at: NOW.toISOString() }] },
  ]);
});

test('a receiver says what arrived: the files of the release, others, or of none that there is', async () => {
  const { ask, registry, agreement, told } = await openRoom();
  const own = { pathParameters: { agreement } };
  const say = (receipt: object, account = RETAIL) =>
    ask('confirm-receipt', { ...own, account, body: JSON.stringify(receipt) });
  const { sha256: promised } = (await registry.releases(agreement).read('2026-03-05', USAGE))!;
  expect((await say(receiptOf('2026-03-05', 'cd'.repeat(32)))).body).toMatchObject({ received: 'other' });
  for (let times = 0; times < 2; times += 1)
    expect(await say(receiptOf('2026-03-05', promised))).toEqual({
      status: 201,
      body: { decision: 'permit', received: 'as-promised' },
    });
  expect(told).toEqual(Array(3).fill(`wordRecorded ${agreement}`));
  expect((await registry.receipts(agreement).list()).map((each) => each.sha256).sort()).toEqual(
    [promised, 'cd'.repeat(32)].sort(),
  );
  expect(await say(receiptOf('2026-03-12', promised))).toMatchObject({
    status: 404,
    body: { reason: 'no-such-release' },
  });
  expect(await say({ ...receiptOf('2026-03-05', promised), round: '2026-02-26' })).toMatchObject({ status: 404 });
  expect(await say({ ...receiptOf('2026-03-05', promised), sha256: 'ef'.repeat(32) })).toMatchObject({
    status: 409,
    body: { reason: 'not-genuine' },
  });
  const [TELCO] = PLAN.parties.map(({ account }) => account) as [string];
  expect(await say(receiptOf('2026-03-05', promised), TELCO)).toMatchObject({
    status: 403,
    body: { reason: 'no-policy' },
  });
});

test('a party is told of no erasure between others', async () => {
  const { ask, registry, agreement } = await openRoom();
  const [receiver] = ERASURE.receivers;
  const others = { ...receiver!, leg: 'telco-bank-usage', party: 'bank', tokens: ['ef'.repeat(16)] };
  await registry.erasures(agreement).change([ERASURE.id], (each) => ({
    ...each,
    receivers: [...each.receivers, others],
  }));
  const { body } = await ask('list-erasures', { pathParameters: { agreement } });
  expect(body.erasures).toHaveLength(1);
  expect(JSON.stringify(body)).not.toContain('ef'.repeat(16));
});

describe('a notice', () => {
  const give = (reason: unknown, account = RETAIL) => ({ ...own, account, body: JSON.stringify({ reason }) });

  test('is on record with its last day, told to the room, and the first one stands', async () => {
    const { ask, registry, agreement, told } = await openRoom();
    const notice = {
      by: 'retail',
      at: NOW.toISOString(),
      reason: 'a better offer',
      lastDay: '2026-04-09',
      clause: 'term.exit.notice',
    };
    const given = { status: 201, body: { decision: 'permit', notice } };
    expect(await ask('give-notice', give('a better offer'))).toEqual(given);
    expect(await ask('give-notice', give('a better offer'))).toEqual(given);
    expect(await ask('give-notice', give('me too', PLAN.parties[0]!.account))).toEqual(given);
    expect((await registry.current(agreement).read())?.ending).toEqual(notice);
    expect(told).toEqual(Array(3).fill(`noticeGiven ${agreement}`));
    expect((await ask('read-agreement', own)).body).toMatchObject({ notice, lastDay: '2026-04-09' });
  });

  test.each([
    ['draft', 409, 'not-signed'],
    ['ended', 409, 'over'],
    ['settled', 409, 'over'],
  ] as const)('of an agreement that is %s is refused', async (state, status, reason) => {
    const { ask, registry, agreement, told } = await openRoom();
    await registry.current(agreement).change([], (current) => ({ ...current, state }));
    expect(await ask('give-notice', give('x'))).toEqual({ status, body: { reason } });
    expect((await registry.current(agreement).read())?.ending).toBeUndefined();
    expect(told).toEqual([]);
  });

  test.each(['', 'a\nb', 'x'.repeat(1001), 7, null])('is refused whose reason is %j', async (reason) => {
    const { ask, told } = await openRoom();
    expect(await ask('give-notice', give(reason))).toMatchObject({ status: 400 });
    expect(told).toEqual([]);
  });

  test('is nobody else’s to give', async () => {
    const { ask, registry, agreement } = await openRoom();
    expect(await ask('give-notice', give('x', '123123123123'))).toMatchObject({ status: 403 });
    const forOther = { ...own, body: JSON.stringify({ reason: 'x', by: 'telco' }) };
    expect(await ask('give-notice', forOther)).toMatchObject({ status: 400 });
    expect((await registry.current(agreement).read())?.ending).toBeUndefined();
  });
});

test.each<[string, ApiOperation, number]>([
  ['what a party is permitted', 'read-agreement', 500],
  ['what a party is refused', 'attest-destruction', 100],
])('%s is on record whole up to a number a day, however often it asks', async (_, operation, whole) => {
  const { ask, registry, agreement } = await openRoom();
  const body = JSON.stringify({ leg: PURCHASES, statement: 'x', by: 'y' });
  const times = whole + 20;
  for (let index = 0; index < times; index += 1) {
    const requestContext = { accountId: ROOM, requestId: `r-${index}`, authorizer: { iam: { accountId: RETAIL } } };
    await ask(operation, { pathParameters: { agreement }, body, requestContext });
  }
  expect(await registry.decisions(agreement).list()).toHaveLength(whole);
});

test('what the caller chooses does not fill the log', async () => {
  const { ask, lines } = await openRoom();
  await ask('read-agreement', { pathParameters: { agreement: 'x'.repeat(5000) } });
  expect(JSON.stringify(lines).length).toBeLessThan(400);
});

describe('accesses', () => {
  test('are those of whoever asks, page by page', async () => {
    const { ask, registry, agreement } = await openRoom();
    const first = await ask('list-accesses');
    expect(first).toMatchObject({ status: 200, body: { accesses: [{ party: 'retail' }], before: 300 } });
    const next = await ask('list-accesses', { queryStringParameters: { before: '256' } });
    expect(next.body.before).toBe(256);
    expect((await registry.decisions(agreement).list()).map(({ operation }) => operation)).toContain('list-accesses');
  });

  test.each(['-1', '1e9', '../1', '', '9'.repeat(16)])('of no page %j are shown', async (before) => {
    const { ask } = await openRoom();
    const { status, body } = await ask('list-accesses', { queryStringParameters: { before } });
    expect([status, body]).toEqual([400, { reason: 'malformed-request' }]);
  });

  test('are not shown to a stranger', async () => {
    const { ask } = await openRoom();
    expect((await ask('list-accesses', { account: '777766665555' })).status).toBe(403);
  });
});

describe('a leg that a later version has left out, with its receiver', () => {
  const bank = makeParty('bank', 'Bank', 5);
  const leg = { ...PLAN.legs[0]!, id: 'telco-bank-usage', to: 'bank' };
  const withBank = {
    ...PLAN,
    agreement: { ...PLAN.agreement, version: 2, content: 'c2'.repeat(32) },
    parties: [...PLAN.parties, bank],
    legs: [...PLAN.legs, leg],
  };
  const without = { ...PLAN, agreement: { ...PLAN.agreement, version: 3, content: 'c3'.repeat(32) } };
  const said = pick(attestationOf(withBank, leg.id, NOW.toISOString()));
  const TELCO = PLAN.parties[0]!.account;

  async function openAmended() {
    const room = await openRoom();
    const { registry, agreement } = room;
    for (const plan of [withBank, without]) {
      await registerAgreement(registry, versionOf(plan), EARLY);
      for (const id of ['telco', 'retail', 'bank']) await signVersion(registry, signatureOf(plan, id), verifySignature);
    }
    expect(await registry.current(agreement).read()).toMatchObject({ version: 3, state: 'active' });
    await registry.releases(agreement).create(releaseOf(withBank, leg.id, '2026-03-05', CERTIFIED));
    await registry.current(agreement).change([], (current) => ({ ...current, state: 'ended' }));
    const attest = (account: string, body: object = said) =>
      room.ask('attest-destruction', { account, pathParameters: { agreement }, body: JSON.stringify(body) });
    return { ...room, attest };
  }

  test.each([
    ['its receiver, who is no party any more', bank.account],
    ['its giver, who hands in what the receiver has signed', TELCO],
  ])('is attested by %s', async (_, account) => {
    const { registry, agreement, attest } = await openAmended();
    expect(await attest(account)).toMatchObject({ status: 201 });
    expect(await registry.attestations(agreement).list()).toMatchObject([{ leg: leg.id, party: 'bank', version: 2 }]);
  });

  test('is attested by nobody else, with no other key, and opens nothing else', async () => {
    const { registry, agreement, attest, ask } = await openAmended();
    expect(await attest(RETAIL)).toMatchObject({ status: 403, body: { reason: 'no-policy' } });
    const { leg: _, statement, by } = said;
    const forged = stateAs(
      withBank,
      'bank',
      { purpose: 'attest-destruction', leg: leg.id, statement, by },
      signerOf('telco'),
    );
    expect(await attest(TELCO, { ...said, ...forged })).toMatchObject({ status: 409, body: { reason: 'other-key' } });
    expect(await registry.attestations(agreement).list()).toEqual([]);
    for (const operation of ['read-agreement', 'list-releases', 'give-notice'] as const)
      expect(await ask(operation, { account: bank.account, pathParameters: { agreement } })).toMatchObject({
        status: 403,
        body: { reason: 'no-policy' },
      });
  });
});

describe('a release whose time is over', () => {
  const round = '2026-03-05';
  const attest = (releases: readonly string[]) => {
    const [{ statement, by, version, content, algorithm, publicKey, signature } = never()] = releaseAttestationsOf(
      PLAN,
      USAGE,
      NOW.toISOString(),
      releases,
    );
    return { leg: USAGE, releases, statement, by, version, content, algorithm, publicKey, signature };
  };
  const never = () => {
    throw new Error('Nothing is attested.');
  };

  test('is destroyed, and that attested, while the agreement goes on; said again, it changes nothing', async () => {
    const { ask, registry, agreement, told } = await openRoom();
    const say = () =>
      ask('attest-destruction', { pathParameters: { agreement }, body: JSON.stringify(attest([round])) });
    expect(await say()).toEqual({ status: 201, body: { decision: 'permit' } });
    const kept = await registry.releaseAttestations(agreement).list();
    expect(kept).toMatchObject([{ round, leg: USAGE, party: 'retail', releases: [round], at: NOW.toISOString() }]);
    expect(await say()).toMatchObject({ status: 201 });
    expect(await registry.releaseAttestations(agreement).list()).toEqual(kept);
    expect(await registry.attestations(agreement).list()).toEqual([]);
    // Whoever asks again may have got no answer, and nobody was told.
    expect(told).toEqual(Array(2).fill(`wordRecorded ${agreement}`));
    const { body } = await ask('list-releases', { pathParameters: { agreement } });
    const shown = body.releases.find(({ leg }: { readonly leg: string }) => leg === USAGE);
    expect(shown.retention).toMatchObject({ state: 'attested', attestedAt: NOW.toISOString() });
  });

  test.each<[string, object, number, string]>([
    ['of a round that it has not had', attest([round, '2026-03-12']), 409, 'not-received'],
    ['under the signature for another round', { ...attest(['2026-03-12']), releases: [round] }, 409, 'not-genuine'],
    ['under the signature for all that it has had', { ...ATTESTED, releases: [round] }, 409, 'not-genuine'],
    ['of none', { ...attest([round]), releases: [] }, 400, 'malformed-request'],
  ])('is not attested %s', async (_, said, status, reason) => {
    const { ask, registry, agreement } = await openRoom();
    const body = JSON.stringify(said);
    expect(await ask('attest-destruction', { pathParameters: { agreement }, body })).toMatchObject({
      status,
      body: { reason },
    });
    expect(await registry.releaseAttestations(agreement).list()).toEqual([]);
  });

  test('the word for one is none for all', async () => {
    const { ask, registry, agreement } = await openRoom();
    await registry.current(agreement).change([], (current) => ({ ...current, state: 'ended' }));
    const { releases: _, ...said } = attest([round]);
    const body = JSON.stringify(said);
    expect(await ask('attest-destruction', { pathParameters: { agreement }, body })).toMatchObject({
      status: 409,
      body: { reason: 'not-genuine' },
    });
  });
});
