import fc from 'fast-check';
import type { AgreementInForce, ProposedVersion } from '../../../../lib/domain/agreement/agreement-in-force';
import type { Access } from '../../../../lib/domain/audit/access';
import { type AttributedAccess, attributeAccesses } from '../../../../lib/domain/audit/attribution/attribute-accesses';
import { judgeRole } from '../../../../lib/domain/audit/attribution/judge-role';
import type { RecordedDecision } from '../../../../lib/domain/audit/attribution/recorded-decision';
import { joinAccesses } from '../../../../lib/domain/audit/records/join-accesses';
import { readBusEvent } from '../../../../lib/domain/audit/records/read-bus-event';
import {
  BUCKET,
  collect,
  type DoorUse,
  LEDGER,
  makeDecrypt,
  makeDoorUse,
  makeExport,
  makeLakeRead,
  makeLinkUpload,
  makeS3Read,
  makeSftpUpload,
  makeSignIn,
  PARTNER,
  ROOM,
  type Sighting,
} from '../scenario';
import { AGREEMENT, AMENDED, decide, ENTITLED, GOOGLE, PURCHASES, SNOWFLAKE, USAGE } from './agreements';

const AT = '2026-03-01T09:05:00Z';
const THIRD = '777788889999';
const ROOM_ACCOUNTS = new Set([ROOM]);
const RETAIL = { party: 'retail', agreement: { id: 'telco-retail-2026', version: 1 } };

describe('what is known', () => {
  it.each([
    [
      'a read of a release',
      makeS3Read({ key: 'usage/a', at: AT, account: PARTNER }),
      'read',
      USAGE,
      'certain',
      'actor',
      'object',
    ],
    [
      'a read through Lake Formation',
      makeLakeRead({ keys: ['usage/a'], at: AT, account: PARTNER }),
      'read',
      USAGE,
      'strong',
      'lake-formation-session',
      'object',
    ],
    [
      'the credentials for it',
      makeLakeRead({ keys: [], at: AT, account: PARTNER }),
      'vend',
      USAGE,
      'certain',
      'actor',
      'table',
    ],
    [
      'an upload by SFTP',
      makeSftpUpload({ user: 'retail-sftp', key: 'raw/purchases/p.csv', at: AT }),
      'write',
      PURCHASES,
      'certain',
      'sftp-user',
      'object',
    ],
    [
      'a data key',
      [makeDecrypt({ key: 'usage/a', at: AT, account: PARTNER })],
      'decrypt',
      USAGE,
      'strong',
      'actor',
      'decrypted-object',
    ],
    [
      'a data key of no known object',
      [makeDecrypt({ key: 'elsewhere/a', at: AT, account: PARTNER })],
      'decrypt',
      USAGE,
      'weak',
      'actor',
      'key',
    ],
  ] as const)('%s', (_, sightings, act, leg, confidence, party, join) => {
    const [found] = attribute(sightings).filter(({ joined }) => joined.access.act === act);
    const role = leg === USAGE ? 'receiver' : 'giver';
    expect(found?.attribution).toEqual({
      kind: 'attributed',
      ...RETAIL,
      leg,
      role,
      holds: leg === USAGE ? 'release' : 'delivery',
      confidence,
      joins: { party, leg: join },
    });
  });

  it('what a party does at home with what it was granted is its own; all else there is nobody’s business', () => {
    const exported = [ENTITLED, 'another'].map(
      (dataSet) => attribute([makeExport({ dataSet, at: AT, account: PARTNER })])[0],
    );
    expect(exported[0]?.attribution).toMatchObject({
      ...RETAIL,
      leg: USAGE,
      joins: { party: 'actor', leg: 'data-set' },
    });
    expect(exported[1]?.attribution).toEqual({ kind: 'internal', by: 'own-account' });
  });

  it('what Data Exchange exports by itself as soon as it comes is its receiver’s doing', () => {
    const told = (account: string, name: string) => {
      const DataSet = { Id: ENTITLED };
      const event = { id: 'e', source: 'aws.dataexchange', 'detail-type': name, time: AT, region: 'eu-central-1' };
      const reading = readBusEvent({ ...event, account, resources: [ENTITLED], detail: { DataSet } });
      const accesses = reading.kind === 'access' ? [reading.access] : [];
      return attributeAccesses(joinAccesses(accesses, new Map(), []), [AGREEMENT], [], ROOM_ACCOUNTS)[0]?.attribution;
    };
    expect(told(PARTNER, 'Auto-export Job Completed')).toMatchObject({ ...RETAIL, leg: USAGE, role: 'receiver' });
    expect(told(PARTNER, 'Revision Published To Data Set')).toEqual({ kind: 'internal', by: 'aws-service' });
  });

  it('an export of a data set that nobody told the room of is of the leg that goes by a product', () => {
    const byProduct = (leg: string) => ({
      ...AGREEMENT,
      plan: {
        ...AGREEMENT.plan,
        legs: AGREEMENT.plan.legs.map((each) =>
          each.id === leg ? { ...each, via: { kind: 'product', productId: 'prod-abc123' } as const } : each,
        ),
      },
    });
    const accesses = collect([makeExport({ dataSet: 'another', at: AT, account: PARTNER })]);
    const attributed = (agreement: AgreementInForce) =>
      attributeAccesses(joinAccesses(accesses, new Map(), []), [agreement], [], ROOM_ACCOUNTS)[0]?.attribution;
    expect(attributed(byProduct(USAGE))).toMatchObject({ ...RETAIL, leg: USAGE, confidence: 'weak' });
    expect(attributed(AGREEMENT)).toEqual({ kind: 'internal', by: 'own-account' });
  });

  it('a query is known by the table that Lake Formation was asked for', () => {
    const [vend] = collect(makeLakeRead({ keys: [], at: AT, account: PARTNER }));
    const asked = { ...vend!, joins: { ...vend!.joins, query: 'q1' } };
    const query: Access = {
      ...asked,
      id: 'q',
      act: 'query',
      service: 'athena',
      resource: { kind: 'other', id: 'q1' },
      joins: { query: 'q1' },
    };
    const found = attributeAccesses(joinAccesses([asked, query], new Map(), []), [AGREEMENT], [], ROOM_ACCOUNTS);
    expect(found[1]?.attribution).toMatchObject({
      kind: 'attributed',
      leg: USAGE,
      confidence: 'strong',
      joins: { leg: 'query' },
    });
  });

  it('of nested places the inner one counts, even where the outer would suit the party', () => {
    const inner = {
      leg: PURCHASES,
      holds: 'release',
      at: { kind: 'objects', bucket: BUCKET, prefix: 'usage/inner/' },
    } as const;
    const orders = [
      [inner, ...AGREEMENT.places],
      [...AGREEMENT.places, inner],
    ];
    for (const places of orders) {
      const legs = ['usage/inner/a', 'usage/inn'].map((key) => {
        const [read] = attribute(makeS3Read({ key, at: AT, account: PARTNER }), [{ ...AGREEMENT, places }]);
        return read?.attribution.kind === 'attributed' && read.attribution.leg;
      });
      expect(legs).toEqual([PURCHASES, USAGE]);
    }
  });

  it.each<[string, string, boolean, boolean]>([
    ['all of it its own', 'usage/', false, false],
    ['what it gives and what it gets', 'us', false, false],
    ['what others handed in', 'raw/', false, true],
    ['the whole bucket', '', false, true],
    ['what lies there of an agreement that does not know it', 'us', true, true],
  ])('a listing from above tells that it showed others’: %s', (_, key, isShared, isOutside) => {
    const unknown: AgreementInForce = {
      ...AGREEMENT,
      plan: {
        ...AGREEMENT.plan,
        agreement: { ...AGREEMENT.plan.agreement, id: 'of-others' },
        parties: AGREEMENT.plan.parties.map((each) => ({ ...each, account: THIRD })),
      },
      places: [{ leg: USAGE, holds: 'release', at: { kind: 'objects', bucket: BUCKET, prefix: 'usage-of-others/' } }],
      doors: [],
    };
    const listing = makeDoorUse({ role: AGREEMENT.doors[1]!.role, at: AT, operation: 'ListObjects', key });
    const [found] = attribute(listing, isShared ? [AGREEMENT, unknown] : [AGREEMENT]);
    expect(found?.attribution).toMatchObject({ kind: 'attributed', party: 'retail' });
    const { attribution } = found!;
    const judged = attribution.kind === 'attributed' ? judgeRole(attribution, 'list') : undefined;
    expect(judged).toBe(isOutside ? 'outside-role' : undefined);
  });

  it('a party at a leg of somebody else is named as that', () => {
    const [read] = attribute(makeS3Read({ key: 'purchases/a', at: AT, account: PARTNER }));
    expect(read?.attribution).toMatchObject({ kind: 'attributed', party: 'retail', leg: PURCHASES, role: 'giver' });
    const third = {
      ...AGREEMENT,
      plan: {
        ...AGREEMENT.plan,
        parties: [...AGREEMENT.plan.parties, { ...AGREEMENT.plan.parties[0]!, id: 'bank', account: THIRD }],
      },
    };
    const [other] = attribute(makeS3Read({ key: 'usage/a', at: AT, account: THIRD }), [third]);
    expect(other?.attribution).toMatchObject({ kind: 'attributed', party: 'bank', role: 'other-party' });
  });
});

describe('a sign-in', () => {
  const OWN = 'barter-party-telco-retail-2026.retail';
  const by = (account: string) => ({ kind: 'account', account }) as const;
  const google = (subject: string) => ({ kind: 'google', subject }) as const;
  const [SNOWFLAKES, GOOGLES] = AGREEMENT.doors.slice(2).map(({ role }) => role) as [string, string];

  it.each([
    ['of a party by its role', OWN, by(PARTNER)],
    ['of its warehouse at Snowflake', SNOWFLAKES, by(SNOWFLAKE)],
    ['of its warehouse at Google', GOOGLES, google(GOOGLE)],
  ])('%s is its own, and reaches nothing', (_, role, who) => {
    const signIn = attribute(makeSignIn({ role, at: AT, by: who }));
    expect(signIn).toHaveLength(1);
    expect(signIn[0]?.attribution).toEqual({ kind: 'own-door', ...RETAIL });
  });

  it.each([
    ['by the role of another party', 'barter-party-telco-retail-2026.telco', by(PARTNER), 'no-leg'],
    ['by a role of the room', 'BarterMaker', by(PARTNER), 'no-leg'],
    ['of a stranger by a party’s role', OWN, by(THIRD), 'no-party'],
    ['of a stranger by a role of the room', 'Administrator', by(THIRD), 'no-party'],
    ['of the warehouse by the party’s role', OWN, by(SNOWFLAKE), 'no-party'],
    ['of the party by its warehouse’s role', SNOWFLAKES, by(PARTNER), 'no-leg'],
    ['of a stranger at Google', GOOGLES, google('998877665544332211009'), 'unknown-actor'],
    ['of Google’s account by the party’s role', OWN, google(GOOGLE), 'unknown-actor'],
    ['by a role that begins like its own', `${OWN}.admin`, by(PARTNER), 'no-leg'],
  ])('%s is not explained', (_, role, who, reason) => {
    expect(attribute(makeSignIn({ role, at: AT, by: who }))[0]?.attribution).toMatchObject({
      kind: 'unattributed',
      reason,
    });
  });

  it('by a role of that name in another account is not explained', () => {
    const [signIn] = collect(makeSignIn({ role: OWN, at: AT, by: by(PARTNER) }));
    const elsewhere = { kind: 'other', id: `arn:aws:iam::${THIRD}:role/${OWN}` } as const;
    expect(attributeOne({ ...signIn!, resource: elsewhere })).toMatchObject({ kind: 'unattributed' });
  });

  const SSO = `arn:aws:iam::${ROOM}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE`;
  const OPERATORS = 'aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_Operator_0123456789abcdef';
  const sso = (provider?: string) =>
    ({ kind: 'sso', subject: 'ada@room.example', ...(provider === undefined ? {} : { provider }) }) as const;

  it.each([
    ['IAM Identity Center', OPERATORS, SSO],
    ['a provider of the room’s account', 'Administrator', `arn:aws:iam::${ROOM}:saml-provider/Company`],
  ])('by %s is an operator’s of the room', (_, role, provider) => {
    const [signIn] = attribute(makeSignIn({ role, at: AT, by: sso(provider) }));
    expect(signIn?.attribution).toEqual({ kind: 'internal', by: 'operator' });
    expect(signIn?.joined.access.actor).toEqual({ kind: 'sso-user', provider, subject: 'ada@room.example' });
  });

  it.each([
    ['by a provider of another account', OPERATORS, `arn:aws:iam::${THIRD}:saml-provider/AWSSSO_0_DO_NOT_DELETE`],
    ['by what is no provider', OPERATORS, `arn:aws:iam::${ROOM}:user/ada`],
    ['by a provider that the record does not name', OPERATORS, undefined],
  ])('of somebody who signed on once, %s, is not explained', (_, role, provider) => {
    const [signIn] = attribute(makeSignIn({ role, at: AT, by: sso(provider) }));
    expect(signIn?.attribution).toEqual({ kind: 'unattributed', reason: 'unknown-actor' });
  });

  const OPERATOR = { kind: 'unattributed', reason: 'operator-as-party', account: ROOM } as const;
  const AS_RETAIL = { ...OPERATOR, as: { party: 'retail', agreement: RETAIL.agreement.id } };

  it.each([
    ['a session of its own account', { kind: 'own' }, OWN],
    ['a session of its own account, by a warehouse’s role', { kind: 'own' }, SNOWFLAKES],
    ['somebody who signed on once', sso(SSO), OWN],
    ['somebody who signed on once, by a warehouse’s role', sso(SSO), SNOWFLAKES],
  ] as const)('of the room as a party is a finding: %s', (_, who, role) =>
    expect(attribute(makeSignIn({ role, at: AT, by: who }))[0]?.attribution).toEqual(AS_RETAIL),
  );

  it('of the room as a party that no agreement names is one too, also before anything is signed', () => {
    const role = 'barter-party-long-gone.somebody';
    expect(attribute(makeSignIn({ role, at: AT, by: { kind: 'own' } }))[0]?.attribution).toEqual(OPERATOR);
    const [early] = attribute(makeSignIn({ role: OWN, at: AT, by: { kind: 'own' } }), [], [], [AGREEMENT]);
    expect(early?.attribution).toEqual(AS_RETAIL);
  });

  it('of the room by a role of its own is its own', () => {
    for (const role of ['BarterMaker', 'Administrator', 'barter-partying'])
      expect(attribute(makeSignIn({ role, at: AT, by: { kind: 'own' } }))[0]?.attribution).toMatchObject({
        kind: 'internal',
      });
  });

  it('of the party in whose account the room stands is its own by its own role', () => {
    const role = 'barter-party-telco-retail-2026.telco';
    const [own] = attribute(makeSignIn({ role, at: AT, by: { kind: 'own' } }));
    expect(own?.attribution).toEqual({ kind: 'own-door', ...RETAIL, party: 'telco' });
    const elsewhere = AGREEMENT.doors.map((door) =>
      door.role === role ? { ...door, opensTo: { kind: 'account', account: THIRD } as const } : door,
    );
    const [neutral] = attribute(makeSignIn({ role, at: AT, by: { kind: 'own' } }), [
      { ...AGREEMENT, doors: elsewhere },
    ]);
    expect(neutral?.attribution).toEqual({ ...AS_RETAIL, as: { ...AS_RETAIL.as, party: 'telco' } });
  });

  it.each([
    ['before any version is signed', [], OWN, by(PARTNER), 1],
    ['and is not where it signs for another', [], OWN, by(THIRD), undefined],
    ['and is not by the role of another', [], 'barter-party-telco-retail-2026.telco', by(PARTNER), undefined],
    [
      'but not once a later version that all signed leaves it out',
      [{ ...AMENDED, from: AGREEMENT.from, doors: [] }],
      OWN,
      by(PARTNER),
      undefined,
    ],
  ])('to sign what is proposed is its own %s', (_, agreements, role, who, version) => {
    const [signIn] = attribute(makeSignIn({ role, at: AT, by: who }), agreements, [], [AGREEMENT]);
    const { kind } = signIn!.attribution;
    if (version === undefined) expect(kind).toBe('unattributed');
    else expect(signIn?.attribution).toEqual({ kind: 'own-door', ...RETAIL });
  });

  it('of the SFTP server by a party’s role for it is AWS’s', () => {
    const served = makeSignIn({ role: 'Sftp', at: AT, by: { kind: 'service', service: 'transfer.amazonaws.com' } });
    expect(attribute(served)[0]?.attribution).toEqual({ kind: 'internal', by: 'aws-service' });
  });

  const MOVED = { ...AMENDED, doors: AGREEMENT.doors.slice(0, 1) };
  it.each([
    ['before the first version is in force, to sign it', '2025-12-20T00:00:00Z', [AGREEMENT], 1],
    ['after the last, to attest', '2027-02-01T00:00:00Z', [AGREEMENT, AMENDED], 2],
    ['under the version that holds', '2026-05-31T23:59:59Z', [AGREEMENT, AMENDED], 1],
    ['under the version that follows', '2026-06-01T00:00:00Z', [AGREEMENT, AMENDED], 2],
    ['before a version that leaves it out', '2026-05-31T23:59:59Z', [AGREEMENT, MOVED], 1],
    ['and not after one that leaves it out', '2026-06-01T00:00:00Z', [AGREEMENT, MOVED], undefined],
  ])('is its own %s', (_, at, agreements, version) => {
    const [signIn] = attribute(makeSignIn({ role: OWN, at, by: by(PARTNER) }), agreements);
    const { kind } = signIn!.attribution;
    if (version === undefined) expect(kind).toBe('unattributed');
    else expect(signIn?.attribution).toMatchObject({ kind: 'own-door', agreement: { version } });
  });
});

describe('what is done by a role of the room that is a party’s alone', () => {
  const OWN = 'barter-party-telco-retail-2026.retail';
  const WAREHOUSE = AGREEMENT.doors[2]!.role;
  const OUTBOX = 'outbox/telco-retail-2026/retail/';
  const use = (role: string, operation: DoorUse['operation'], key: string, bucket = BUCKET, at = AT) =>
    attribute(makeDoorUse({ role, at, operation, key, bucket })).find(isObject)?.attribution;
  const isObject = ({ joined }: AttributedAccess) => joined.access.service === 's3';

  it.each<[string, string, DoorUse['operation'], string, string, string]>([
    ['a read by its warehouse', WAREHOUSE, 'GetObject', 'usage/inbox/a', USAGE, 'receiver'],
    ['a listing by its warehouse', WAREHOUSE, 'ListObjects', 'usage/inbox/', USAGE, 'receiver'],
    ['an upload', OWN, 'PutObject', 'raw/purchases/upload/p.csv', PURCHASES, 'giver'],
    ['an upload in parts', OWN, 'CompleteMultipartUpload', 'raw/purchases/upload/p.csv', PURCHASES, 'giver'],
    ['a listing of what it uploaded', OWN, 'ListObjects', 'raw/purchases/upload/', PURCHASES, 'giver'],
  ])('%s is the party’s', (_, role, operation, key, leg, as) => {
    expect(use(role, operation, key)).toEqual({
      kind: 'attributed',
      ...RETAIL,
      leg,
      role: as,
      holds: as === 'giver' ? 'delivery' : 'release',
      joins: { party: 'role', leg: 'object' },
      confidence: 'certain',
    });
  });

  it.each([
    ['what it fetches there', 'GetObject', `${OUTBOX}checkpoint`, AT],
    ['what it lists there', 'ListObjects', OUTBOX, AT],
    ['what it fetches when all is over', 'GetObject', `${OUTBOX}reports/a`, '2027-02-01T00:00:00Z'],
  ] as const)('its outbox is its own: %s', (_, operation, key, at) => {
    expect(use(OWN, operation, key, LEDGER, at)).toEqual({ kind: 'own-door', ...RETAIL });
    const all = attribute(makeDoorUse({ role: OWN, at, operation, key, bucket: LEDGER }));
    expect(all.every(({ attribution }) => attribution.kind === 'own-door')).toBe(true);
  });

  it.each<[string, string, string, string, string]>([
    ['the outbox of another', OWN, 'outbox/telco-retail-2026/telco/checkpoint', LEDGER, 'no-leg'],
    ['the ledger', OWN, 'ledger/head', LEDGER, 'no-leg'],
    ['an outbox, by its warehouse', WAREHOUSE, `${OUTBOX}checkpoint`, LEDGER, 'no-leg'],
    ['a place of no leg', OWN, 'private/a', BUCKET, 'no-leg'],
    ['by a role that no agreement knows', 'barter-party-other.bank', 'usage/a', BUCKET, 'no-party'],
  ])('is not explained at %s', (_, role, key, bucket, reason) => {
    expect(use(role, 'GetObject', key, bucket)).toMatchObject({ kind: 'unattributed', reason });
  });

  it('a session of another account that is called so says nothing', () => {
    const [read] = collect(makeS3Read({ key: 'usage/a', at: AT, account: THIRD }));
    const arn = `arn:aws:sts::${THIRD}:assumed-role/${OWN}/nightly`;
    const access: Access = { ...read!, actor: { kind: 'account', account: THIRD, arn } };
    expect(attributeOne(access)).toEqual({ kind: 'unattributed', reason: 'no-party', account: THIRD });
  });
});

describe('the version and the decision that held then', () => {
  it.each([
    ['2026-05-31T23:59:59Z', 1],
    ['2026-06-01T00:00:00Z', 2],
  ])('at %s version %d', (at, version) => {
    const [read] = attribute(makeS3Read({ key: 'usage/a', at, account: PARTNER }), [AGREEMENT, AMENDED]);
    expect(read?.attribution).toMatchObject({ kind: 'attributed', agreement: { version } });
  });

  it.each([
    ['before any', '2026-01-31T23:59:59Z', undefined],
    ['under the permit', '2026-02-01T00:00:00Z', 'decision-1'],
    ['under the suspension', '2026-02-15T00:00:00Z', 'suspended'],
    ['after it', '2026-03-01T00:00:00Z', 'resumed'],
    ['when it has ended', '2026-04-01T00:00:00Z', undefined],
  ])('%s', (_, at, id) => {
    const decisions = [
      decide({ id: 'resumed', at: '2026-03-01T00:00:00Z', until: '2026-04-01T00:00:00Z' }),
      decide(),
      decide({ id: 'suspended', effect: 'forbid', at: '2026-02-10T00:00:00Z' }),
      decide({ id: 'other party', party: 'telco', at: '2026-02-20T00:00:00Z' }),
      decide({ id: 'other leg', leg: PURCHASES, at: '2026-02-20T00:00:00Z' }),
      decide({ id: 'other version', agreement: { id: 'telco-retail-2026', version: 2 } }),
    ];
    const [read] = attribute(makeS3Read({ key: 'usage/a', at, account: PARTNER }), [AGREEMENT], decisions);
    expect(read?.attribution).toMatchObject({ kind: 'attributed' });
    expect(read?.attribution).toHaveProperty('confidence', 'certain');
    expect(read?.attribution.kind === 'attributed' && read.attribution.decision?.id).toBe(id);
  });
});

describe('what is not known is not guessed', () => {
  it.each([
    [
      'an account of nobody',
      makeS3Read({ key: 'usage/a', at: AT, account: THIRD }),
      { kind: 'unattributed', reason: 'no-party', account: THIRD },
    ],
    [
      'before the agreement',
      makeS3Read({ key: 'usage/a', at: '2025-12-31T23:59:59Z', account: PARTNER }),
      { kind: 'unattributed', reason: 'no-agreement-then', account: PARTNER },
    ],
    [
      'a place of no leg',
      makeS3Read({ key: 'private/a', at: AT, account: PARTNER }),
      { kind: 'unattributed', reason: 'no-leg', account: PARTNER },
    ],
    [
      'a user of nobody',
      makeSftpUpload({ user: 'mallory', key: 'raw/purchases/p', at: AT }).slice(1, 2),
      { kind: 'unattributed', reason: 'no-party' },
    ],
    [
      'a user named like a property of all objects',
      makeSftpUpload({ user: 'constructor', key: 'raw/purchases/p', at: AT }).slice(1, 2),
      { kind: 'unattributed', reason: 'no-party' },
    ],
    ['the room itself', makeS3Read({ key: 'usage/a', at: AT, account: ROOM }), { kind: 'internal', by: 'own-account' }],
    ['AWS itself', makeS3Read({ key: 'usage/a', at: AT, account: null }), { kind: 'internal', by: 'aws-service' }],
    [
      'credentials whose record is lost',
      makeLakeRead({ keys: ['usage/a'], at: AT, account: PARTNER }).slice(2),
      { kind: 'unattributed', reason: 'unknown-actor' },
    ],
  ] as const)('%s', (_, sightings, attribution) => {
    expect(attribute(sightings)[0]?.attribution).toEqual(attribution);
  });

  it('a session of SFTP that was refused, and what is told of it', () => {
    const [opened, , , , closed] = makeSftpUpload({ user: 'retail-sftp', key: 'usage/a', at: AT });
    const isTold = (sightings: readonly Sighting[]) => attribute(sightings).map(({ attribution }) => attribution);
    const refused = collect([opened!]).map((each): Access => ({ ...each, outcome: 'denied' }));
    const accesses = [...refused, ...collect([closed!])];
    const told = attributeAccesses(
      joinAccesses(accesses, new Map([[BUCKET, ROOM]]), []),
      [AGREEMENT],
      [],
      ROOM_ACCOUNTS,
    );
    expect(told.map(({ attribution }) => attribution)).toEqual([
      { kind: 'unattributed', reason: 'no-leg' },
      { kind: 'unattributed', reason: 'unknown-actor' },
    ]);
    const door = { kind: 'own-door', ...RETAIL };
    expect(isTold([opened!, closed!])).toEqual([door, door]);
    const before = '2025-12-31T23:59:59Z';
    const early = makeSftpUpload({ user: 'retail-sftp', key: 'usage/a', at: before }).slice(0, 1);
    expect(isTold(early)).toEqual([{ kind: 'unattributed', reason: 'no-agreement-then' }]);
    const strange = makeSftpUpload({ user: 'mallory', key: 'usage/a', at: AT }).slice(0, 1);
    expect(isTold(strange)).toEqual([{ kind: 'unattributed', reason: 'no-party' }]);
  });

  it('anonymous reading', () => {
    const [read] = collect(makeS3Read({ key: 'usage/a', at: AT, account: PARTNER }));
    expect(attributeOne({ ...read!, actor: { kind: 'anonymous' } })).toEqual({
      kind: 'unattributed',
      reason: 'anonymous',
    });
  });

  it('two agreements that share a place', () => {
    const twin = {
      ...AGREEMENT,
      plan: { ...AGREEMENT.plan, agreement: { id: 'twin', version: 1, title: '', content: '' } },
    };
    const [read] = attribute(makeS3Read({ key: 'usage/a', at: AT, account: PARTNER }), [AGREEMENT, twin]);
    expect(read?.attribution).toEqual({
      kind: 'ambiguous',
      candidates: [
        { ...RETAIL, leg: USAGE, role: 'receiver' },
        { party: 'retail', agreement: { id: 'twin', version: 1 }, leg: USAGE, role: 'receiver' },
      ],
    });
  });

  it('a deletion in a bucket in which the party has two places', () => {
    const [read] = collect(makeS3Read({ key: 'usage/a', at: AT, account: PARTNER }));
    const deletion: Access = { ...read!, act: 'delete', resource: { kind: 'object', bucket: BUCKET } };
    expect(attributeOne(deletion)).toMatchObject({
      kind: 'ambiguous',
      candidates: [{ leg: USAGE }, { leg: PURCHASES }],
    });
  });
});

it('with any records lost, repeated or out of order, names the right party or none', () => {
  const keys = Array.from({ length: 6 }, (_, at) => `usage/${at}`);
  const truth = new Map<string, string>();
  const all = keys.flatMap((key, at): readonly Sighting[] => {
    const account = at % 2 === 0 ? PARTNER : THIRD;
    truth.set(key, account === PARTNER ? 'retail' : 'bank');
    const sourceIdentity = at % 3 === 0;
    return [
      ...makeLakeRead({ keys: [key], at: AT, account, sourceIdentity }),
      ...makeS3Read({ key, at: AT, account }),
      makeDecrypt({ key, at: AT, account }),
    ];
  });
  const telco = AGREEMENT.plan.parties[0]!;
  const parties = [...AGREEMENT.plan.parties, { ...telco, id: 'bank', account: THIRD }];
  const agreement = { ...AGREEMENT, plan: { ...AGREEMENT.plan, parties } };
  const score = { named: 0, right: 0, partner: 0 };
  const judge = (sightings: readonly Sighting[]) => {
    for (const { joined, attribution } of attribute(sightings, [agreement])) {
      const { resource } = joined.access;
      if (joined.access.act !== 'read' || resource.kind !== 'object') continue;
      score.partner += 1;
      if (attribution.kind !== 'attributed') continue;
      score.named += 1;
      if (attribution.party === truth.get(resource.key ?? '')) score.right += 1;
    }
  };
  judge(all);
  expect(score).toEqual({ named: 12, right: 12, partner: 12 });
  fc.assert(
    fc.property(fc.array(fc.nat(all.length - 1), { maxLength: 60 }), (places) => {
      judge(places.map((place) => all[place]!));
    }),
  );
  expect(score.right).toBe(score.named);
  process.stdout.write(
    `  attribution under loss: ${score.partner} reads, ${score.named} named, ${score.named - score.right} wrongly\n`,
  );
});

function attribute(
  sightings: readonly Sighting[],
  agreements: readonly AgreementInForce[] = [AGREEMENT],
  decisions: readonly RecordedDecision[] = [],
  proposed: readonly ProposedVersion[] = [],
) {
  return attributeAccesses(
    joinAccesses(collect(sightings), new Map([[BUCKET, ROOM]]), []),
    agreements,
    decisions,
    ROOM_ACCOUNTS,
    proposed,
  );
}

function attributeOne(access: Access) {
  return attributeAccesses(joinAccesses([access], new Map([[BUCKET, ROOM]]), []), [AGREEMENT], [], ROOM_ACCOUNTS)[0]
    ?.attribution;
}

describe('what is handed in by a link', () => {
  const at = '2026-03-01T09:00:00.000Z';
  const given = (party: string, leg: string) => decide({ id: `${at}/put-1/${leg}`, at, party, leg });
  const attributionsOf = (decisions: readonly RecordedDecision[]) =>
    attribute(
      makeLinkUpload({ session: 'put-1@link', key: 'raw/purchases/upload/a.csv', at: AT }),
      [AGREEMENT],
      decisions,
    ).map(({ attribution }) => attribution);

  it('is the doing of whom it was given to, in S3’s record and in KMS’s', () => {
    const decision = given('retail', PURCHASES);
    const told = { kind: 'attributed', party: 'retail', leg: PURCHASES, role: 'giver', holds: 'delivery', decision };
    const found = attributionsOf([given('retail', PURCHASES)]);
    expect(found).toHaveLength(2);
    for (const each of found) expect(each).toMatchObject({ ...told, joins: { party: 'link' } });
  });

  it('is nobody’s by a link that no decision gave, and of nobody for certain where two may have given it', () => {
    for (const each of attributionsOf([])) expect(each).toEqual({ kind: 'unattributed', reason: 'unknown-actor' });
    const both = [given('retail', PURCHASES), { ...given('telco', PURCHASES), id: `${at}/put-1/other` }];
    for (const { kind } of attributionsOf(both)) expect(kind).toBe('ambiguous');
  });
});

describe('what is read by a link', () => {
  const SESSION = `arn:aws:sts::${ROOM}:assumed-role/BarterRoomIntake-PresignDownloadLinkRole-1A2B3C/JKJaXmPLvHcESHA-@link`;
  const GIVEN = decide({ id: '2026-03-01T09:00:00.000Z/JKJaXmPLvHcESHA-', at: '2026-03-01T09:00:00.000Z' });
  const readBy = (arn: string, key = 'usage/a'): Access => ({
    id: 'cloudtrail/link',
    witness: 'cloudtrail',
    at: AT,
    service: 's3',
    operation: 'GetObject',
    act: 'read',
    outcome: 'allowed',
    actor: { kind: 'account', account: ROOM, arn },
    owner: ROOM,
    recordedBy: ROOM,
    resource: { kind: 'object', bucket: BUCKET, key },
    bytes: { out: 10, in: 0 },
    joins: arn === SESSION ? { link: 'JKJaXmPLvHcESHA-' } : {},
  });
  const attributionOf = (access: Access, decisions: readonly RecordedDecision[] = [GIVEN]) =>
    attributeAccesses(joinAccesses([access], new Map([[BUCKET, ROOM]]), []), [AGREEMENT], decisions, ROOM_ACCOUNTS)[0]
      ?.attribution;

  it('is the doing of whom it was given to, by the decision that gave it', () => {
    expect(attributionOf(readBy(SESSION))).toEqual({
      kind: 'attributed',
      ...RETAIL,
      leg: USAGE,
      role: 'receiver',
      holds: 'release',
      decision: GIVEN,
      joins: { party: 'link', leg: 'object' },
      confidence: 'certain',
    });
  });

  it.each<[string, Access, readonly RecordedDecision[]]>([
    ['that no decision gave', readBy(SESSION), []],
    ['that was given for another leg', readBy(SESSION, 'purchases/a'), [GIVEN]],
    ['that was refused', readBy(SESSION), [{ ...GIVEN, effect: 'forbid' }]],
    ['of another request', readBy(SESSION), [{ ...GIVEN, id: '2026-03-01T09:00:00.000Z/another' }]],
    ['of another agreement', readBy(SESSION), [{ ...GIVEN, agreement: { id: 'another', version: 1 } }]],
    ['that is given later', { ...readBy(SESSION), at: '2026-03-01T08:59:58.000Z' }, [GIVEN]],
    ['that was over the day before', { ...readBy(SESSION), at: '2026-03-01T21:00:01.000Z' }, [GIVEN]],
  ])('is nobody’s, and not the room’s own, by one %s', (_, access, decisions) => {
    expect(attributionOf(access, decisions)).toEqual({ kind: 'unattributed', reason: 'unknown-actor' });
  });

  it('is so for as long as a slow line may take', () => {
    const access = { ...readBy(SESSION), at: '2026-03-01T21:00:00.000Z' };
    expect(attributionOf(access)).toMatchObject({ kind: 'attributed', decision: GIVEN });
  });

  it('what the room reads for itself stays its own', () => {
    expect(attributionOf(readBy(`arn:aws:sts::${ROOM}:assumed-role/Job/run`))).toMatchObject({ kind: 'internal' });
  });

  it('the mark in the session of another account says nothing', () => {
    const access = { ...readBy(SESSION), actor: { kind: 'account' as const, account: PARTNER, arn: SESSION } };
    expect(attributionOf(access, [decide()])).toMatchObject({ kind: 'attributed', joins: { party: 'actor' } });
  });
});
