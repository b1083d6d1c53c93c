import { createHash } from 'node:crypto';
import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import type { Access } from '../../../../lib/domain/audit/access';
import { formatEntry } from '../../../../lib/domain/audit/ledger/ledger-entry';
import { hashLeaf } from '../../../../lib/domain/audit/ledger/merkle-tree';
import { type LedgerStore, recordAccesses } from '../../../../lib/domain/audit/ledger/record-accesses';
import { listPartyAccesses, type PartyAccess } from '../../../../lib/domain/audit/report/list-party-accesses';
import { parseHex } from '../../../../lib/domain/bytes';
import { registerSigned } from '../../../fixtures/registered';
import { makeRingPlan } from '../../../fixtures/sample-plan';

/* Three parties, each giving to the next: every access is two parties' business at most. */

const ROOM = '999900001111';
const PLAN: Plan = { ...makeRingPlan(), term: { ...makeRingPlan().term, starts: '2026-01-01', ends: '2026-12-31' } };
const ID = PLAN.agreement.id;
const PLACES = { account: ROOM, region: 'eu-central-1', landingBucket: 'landing', lakeBucket: 'lake' };
const STRANGER = '777766665555';
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest());
const accountOf = (party: string) => PLAN.parties.find(({ id }) => id === party)!.account;

function readOf(number: number, account: string, key: string): Access {
  return {
    id: `cloudtrail/${number}`,
    witness: 'cloudtrail',
    at: new Date(Date.parse('2026-03-01T00:00:00Z') + number * 1000).toISOString(),
    service: 's3',
    operation: 'GetObject',
    act: 'read',
    outcome: 'allowed',
    actor: { kind: 'account', account, arn: `arn:aws:iam::${account}:role/x` },
    owner: ROOM,
    recordedBy: ROOM,
    resource: { kind: 'object', bucket: 'lake', key },
    bytes: { out: 10, in: 0 },
    joins: {},
    client: { ip: '203.0.113.7', agent: 'agent' },
  };
}

function makeStore(): LedgerStore {
  const objects = new Map<string, Uint8Array>();
  const tagOf = (path: string) => {
    const bytes = objects.get(path);
    return bytes === undefined ? undefined : Buffer.from(sha256(bytes)).toString('hex');
  };
  const set = (path: string, bytes: Uint8Array, isFree: boolean) => {
    if (isFree) objects.set(path, bytes);
    return isFree;
  };
  return {
    get: async (path) => {
      const [bytes, tag] = [objects.get(path), tagOf(path)];
      return bytes === undefined || tag === undefined ? undefined : { bytes, tag };
    },
    list: async (prefix) => [...objects.keys()].filter((path) => path.startsWith(prefix)),
    putNew: async (path, bytes) => set(path, bytes, !objects.has(path)),
    replace: async (path, bytes, tag) => set(path, bytes, tagOf(path) === tag),
  };
}

async function open(accesses: readonly Access[]) {
  const store = makeStore();
  await recordAccesses(sha256, 'room', store, accesses, async () => undefined);
  const { registry } = await registerSigned(PLAN);
  const records = { registry, ledger: { origin: 'room', store }, places: PLACES, sha256 };
  const page = (party: string, before?: number) => listPartyAccesses(records, ID, party, before);
  const all = async (party: string) => {
    const found: PartyAccess[] = [];
    let pages = 0;
    for (let before: number | undefined; ; ) {
      const { accesses: some, before: earlier } = await page(party, before);
      found.push(...some);
      pages += 1;
      if (earlier === undefined) return { found, pages };
      before = earlier;
    }
  };
  return { page, all };
}

/** Every receiver reads its leg, one after the other, and a stranger the first leg now and then. */
const MANY = Array.from({ length: 5000 }, (_, at) => {
  const leg = PLAN.legs[at % 3]!;
  const isStranger = at % 300 === 0;
  return readOf(at, isStranger ? STRANGER : accountOf(leg.to), `${ID}/${leg.id}/round=2026-02-01/part-${at}`);
});

test('a party sees all that it did and all that was done with what it gives or gets, each once, the latest first', async () => {
  const { all } = await open(MANY);
  for (const { id: party } of PLAN.parties) {
    const own = new Set(PLAN.legs.filter(({ from, to }) => from === party || to === party).map(({ id }) => id));
    const expected = MANY.filter((_, at) => own.has(PLAN.legs[at % 3]!.id));
    const { found, pages } = await all(party);
    expect(pages).toBe(3);
    expect(found.map(({ resource }) => resource)).toEqual(
      expected.map(({ resource }) => (resource.kind === 'object' ? `lake/${resource.key}` : '')).toReversed(),
    );
    expect(found.map(({ entry }) => entry)).toEqual(found.map(({ entry }) => entry).toSorted((a, b) => b - a));
  }
});

test('where others came from, and as whom, is not shown; of a stranger the account is', async () => {
  const { all } = await open(MANY.slice(0, 600));
  const [leg] = PLAN.legs;
  const { found } = await all(leg!.from);
  for (const { party, ip } of found) expect(ip === undefined).toBe(party !== leg!.from);
  expect(JSON.stringify(found)).not.toContain('role/x');
  const strange = found.filter(({ account }) => account === STRANGER);
  expect(strange.length).toBeGreaterThan(0);
  for (const each of strange) expect(each).toMatchObject({ explained: 'unattributed' });
});

test('each is shown with the hash by which its inclusion is proven', async () => {
  const { page } = await open(MANY.slice(0, 3));
  const { accesses } = await page(PLAN.legs[1]!.to);
  const [shown] = accesses.filter(({ entry }) => entry === 1);
  expect(parseHex(shown!.leaf)).toEqual(hashLeaf(sha256, formatEntry(sha256, MANY[1]!).bytes));
});

test('the two sides of one access are one, also where a page ends between them', async () => {
  const [leg] = PLAN.legs;
  const account = accountOf(leg!.to);
  // Pages end between these two.
  const [first, second] = [12 * 256 - 1, 12 * 256];
  const accesses = MANY.map((each, at) => {
    if (at !== first && at !== second) return each;
    const read = readOf(at, account, `${ID}/${leg!.id}/round=2026-02-01/both-sides`);
    const side = at === first ? {} : { recordedBy: account };
    return { ...read, ...side, joins: { sharedEvent: 'shared', request: 'request' } };
  });
  const { all } = await open(accesses);
  const { found, pages } = await all(leg!.to);
  expect(pages).toBe(3);
  expect(found.filter(({ resource }) => resource.endsWith('both-sides'))).toHaveLength(1);
});

test('of an empty ledger nothing is shown', async () => {
  const { page } = await open([]);
  expect(await page('telco')).toEqual({ accesses: [] });
});
