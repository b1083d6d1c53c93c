import { holdEntries } from '../../../lib/audit/ledger/entered-ledger';
import { type OwnReport, openOwnPlaces } from '../../../lib/audit/verify/own-places';
import type { Access } from '../../../lib/domain/audit/access';
import type { ReportedAccess } from '../../../lib/domain/audit/report/reported-access';
import { BUCKET, LEDGER, PARTNER, REGION, ROOM, SERVER } from './scenario';

/* What a party's own pack has to tell of, whoever says what of it. */

const [GIVER, STRANGER] = ['555566667777', '777788889999'];
/** Also the room's: its logs lie there. */
const ARCHIVE = '888899990000';
const LEG = { id: 'usage', from: 'telco', to: 'retail', dataset: 'calls', via: 'query' };
const AGREEMENT = { id: 'swap', version: 1, title: '', from: '2026-01-01T00:00:00Z', plan: '', clauses: [] };
const REPORT: OwnReport = {
  header: {
    recipient: { party: 'retail', agreement: 'swap' },
    room: { accounts: [ROOM, ARCHIVE], topology: 'hosted' },
  },
  agreements: [{ ...AGREEMENT, legs: [LEG, { ...LEG, id: 'others', to: 'third', dataset: 'else' }] }],
  parties: [
    { id: 'retail', name: '', account: PARTNER, jurisdiction: 'DE' },
    { id: 'telco', name: '', account: GIVER, jurisdiction: 'DE' },
  ],
};
const RELEASE: Access['resource'] = { kind: 'object', bucket: BUCKET, key: 'swap/usage/round=1/a' };
const ELSEWHERE: Access['resource'] = { kind: 'object', bucket: LEDGER, key: 'swap/usage/round=1/a' };
const TABLE: Access['resource'] = { kind: 'table', arn: `arn:aws:glue:${REGION}:${ROOM}:table/barter_swap/usage` };
const LAKE = 'AWSLF-00-AT-1-x';
const READ: Access = {
  id: 'read',
  at: '2026-03-01T09:05:00Z',
  witness: 'cloudtrail',
  service: 's3',
  operation: 'GetObject',
  act: 'read',
  outcome: 'allowed',
  owner: ROOM,
  recordedBy: ROOM,
  actor: { kind: 'unknown' },
  resource: RELEASE,
  joins: {},
};

const byAccount = (account: string, told: Partial<Access> = {}): Access => ({
  ...READ,
  actor: { kind: 'account', account },
  ...told,
});
const inRole = (session: string, told: Partial<Access> = {}): Access => ({
  ...READ,
  actor: { kind: 'account', account: ROOM, arn: `arn:aws:sts::${ROOM}:assumed-role/${session}` },
  ...told,
});
const bySftp = (user: string, told: Partial<Access> = {}): Access =>
  inRole(`BarterAgreement-swap-Sftp-1/${user}.0123456789abcdef@${SERVER}`, {
    joins: { session: '0123456789abcdef' },
    ...told,
  });
const byLake = (told: Partial<Access> = {}): Access =>
  inRole(`BarterRoomCatalogue-Reader-1/${LAKE}`, { joins: { lakeFormationSession: LAKE }, ...told });
const vendTo = (account: string): Access =>
  byAccount(account, {
    id: `vend to ${account}`,
    service: 'lakeformation',
    operation: 'GetDataAccess',
    act: 'vend',
    resource: TABLE,
    joins: { lakeFormationSession: LAKE },
  });

/** A row of the pack by which it is known in which bucket releases lie. */
const KNOWN: Pick<ReportedAccess, 'explained' | 'resource'> = {
  explained: {
    kind: 'attributed',
    party: 'retail',
    agreement: { id: 'swap', version: 1 },
    leg: 'usage',
    dataset: 'usage',
    role: 'receiver',
    holds: 'release',
    joins: { party: 'actor', leg: 'object' },
    confidence: 'certain',
  },
  resource: { kind: 'object', name: `${BUCKET}/swap/usage/round=1/b` },
};

function isOwn(access: Access, context: readonly Access[] = [], isKnown = false, report = REPORT): boolean {
  const entries = [access, ...context].map((each, index) => ({ access: each, index, leaf: '' }));
  const owners = new Map([ROOM, ARCHIVE].map((account) => [`of ${account}`, account]));
  const places = openOwnPlaces(report, owners, holdEntries(entries));
  if (isKnown) places.note(KNOWN);
  return places.isOwn(access);
}

describe.each([
  ['the party’s account', byAccount(PARTNER), []],
  ['the party’s user of SFTP', bySftp('swap.retail'), []],
  ['the party, with what Lake Formation gave it', byLake(), [vendTo(PARTNER)]],
  ['whoever was given a link', inRole('BarterRoomIntake-Sign-1/x@link', { joins: { link: 'x' } }), []],
  ['the party’s role', inRole('barter-party-swap.retail/x'), []],
] as const)('of %s', (_, access, context) => {
  test('what it reaches of its legs is its own, wherever that lies', () => {
    expect([false, true].map((isKnown) => isOwn(access, context, isKnown))).toEqual([true, true]);
    expect(
      isOwn({ ...access, resource: { kind: 'object', bucket: BUCKET, key: 'swap/calls/upload/a' } }, context),
    ).toBe(true);
    expect(isOwn({ ...access, resource: { kind: 'object', bucket: BUCKET, key: 'swap/else/upload/a' } }, context)).toBe(
      false,
    );
    expect(isOwn({ ...access, resource: { kind: 'object', bucket: BUCKET } }, context)).toBe(false);
    expect(isOwn({ ...access, resource: { kind: 'none' } }, context)).toBe(false);
  });
});

describe.each([
  ['another party', byAccount(GIVER), []],
  ['a stranger', byAccount(STRANGER), []],
  ['a user of another party', bySftp('swap.telco'), []],
  ['a user of another agreement', bySftp('other.retail'), []],
  ['another, with what Lake Formation gave it', byLake(), [vendTo(GIVER)]],
  ['one of two to whom Lake Formation gave it', byLake(), [vendTo(PARTNER), vendTo(GIVER)]],
  ['anybody', { ...READ, actor: { kind: 'anonymous' } }, []],
] as const)('of %s', (_, access, context) => {
  test('what it reaches of the party’s legs is the party’s business where those are known to lie', () => {
    expect([false, true].map((isKnown) => isOwn(access, context, isKnown))).toEqual([false, true]);
    const others: Access['resource'] = { kind: 'object', bucket: BUCKET, key: 'swap/else/upload/a' };
    for (const resource of [ELSEWHERE, others]) expect(isOwn({ ...access, resource }, context, true)).toBe(false);
  });
});

test.each([
  ['the room', inRole('BarterRoomLake-X/x'), []],
  ['an account of the room', byAccount(ARCHIVE), []],
  ['a service of AWS', { ...READ, actor: { kind: 'aws-service', service: 's3.amazonaws.com' } }, []],
  ['nobody known', READ, []],
  ['somebody with what Lake Formation gave, nobody knows to whom', byLake(), []],
  ['the room, in a session that is named so', inRole('OwnAdmin/x@link', { joins: { link: 'x' } }), []],
  [
    'the party at home, in a role of such a name',
    byAccount(PARTNER, {
      owner: PARTNER,
      recordedBy: PARTNER,
      actor: {
        kind: 'account',
        account: PARTNER,
        arn: `arn:aws:sts::${PARTNER}:assumed-role/barter-party-swap.retail/x`,
      },
    }),
    [],
  ],
] as const)('what %s does there is its own doing, or not known to be another’s', (_, access, context) => {
  expect([false, true].map((isKnown) => isOwn(access, context, isKnown))).toEqual([false, false]);
});

test('of tables it is the party’s business that it asks for those of its agreement', () => {
  const other: Access['resource'] = { kind: 'table', arn: TABLE.arn.replace('barter_swap', 'barter_other') };
  expect([vendTo(PARTNER), vendTo(GIVER), { ...vendTo(PARTNER), resource: other }].map((each) => isOwn(each))).toEqual([
    true,
    false,
    false,
  ]);
});

test('what a party does in whose account the room stands is the room’s doing where no leg is known to lie', () => {
  const parties = REPORT.parties.map((party) => (party.id === 'retail' ? { ...party, account: ARCHIVE } : party));
  expect(isOwn(byAccount(ARCHIVE), [], false, { ...REPORT, parties })).toBe(false);
});
