import { openPlaceChannel } from '../../../../lambda/publish-round/place-channel';
import type { Publisher, ReleaseChannel } from '../../../../lambda/publish-round/publish-round';
import { publishRounds } from '../../../../lambda/publish-round/publish-rounds';
import { takeStep } from '../../../../lambda/publish-round/take-step';
import { RevisionMissing } from '../../../../lambda/shared/exchange-revisions';
import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { readConduct } from '../../../../lib/domain/registry/read-conduct';
import type { RoundRecord } from '../../../../lib/domain/registry/round-records';
import { rememberPolicies } from '../../../../lib/policy/remember-policies';
import { releaseOf, roundOf } from '../../../fixtures/conduct';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';
import { recordLog } from '../../../fixtures/recorded-log';
import { registerSigned } from '../../../fixtures/registered';

const policiesOf = rememberPolicies();
const DAY = '2026-01-01';
const NOW = `${DAY}T12:00:00Z`;
const LEGS = PLAN.legs.map(({ id }) => id);

/** A channel that tells what it was asked, and fails where it is told to. */
function listen(fails: Readonly<Record<string, string>> = {}, others: readonly string[] = []) {
  const asked: string[] = [];
  const channel: ReleaseChannel = {
    prepare: async (_, { leg }) => {
      asked.push(`prepare ${leg}`);
      const reason = fails[leg];
      return reason === undefined ? { kind: 'prepared' } : { kind: 'failed', reason };
    },
    compare: async (_, { leg }) => others.filter((each) => each === leg).map(() => 'another was imported'),
    finalise: async (_, { leg }) => {
      asked.push(`finalise ${leg}`);
      return `revision of ${leg}`;
    },
    revoke: async (_, { leg }) => asked.push(`revoke ${leg}`) > 0,
  };
  return { asked, channel };
}

async function room(
  channel: ReleaseChannel,
  delivered: readonly string[],
  problems: readonly string[] = [],
  { plan = PLAN, worth = {} }: { readonly plan?: Plan; readonly worth?: Readonly<Record<string, number>> } = {},
) {
  const { registry, agreement } = await registerSigned(plan);
  await registry.current(agreement).change([], (current) => ({ ...current, state: 'active' }));
  for (const leg of delivered) {
    const release = releaseOf(plan, leg, DAY, { state: 'prepared', place: `_escrow/${agreement}/${leg}/run-1/` });
    const value = worth[leg];
    await registry.releases(agreement).create(value === undefined ? release : { ...release, value });
  }
  const told: (readonly [RoundRecord['state'], readonly (string | undefined)[]])[] = [];
  const verified: string[] = [];
  const dismissed: string[] = [];
  const publisher: Publisher = {
    registry,
    policiesOf,
    exchange: channel,
    place: channel,
    verify: async (_, { leg, place }) => {
      verified.push(leg);
      return { problems, files: [{ key: `${place}part-0`, file: 'part-0', tag: 'tag', modified: NOW }] };
    },
    peers: { signer: fail, send: async () => fail(), tellBreach: async () => fail() },
    tell: async ({ state }, releases) => void told.push([state, releases.map(({ token }) => token)]),
    dismiss: async (token) => void dismissed.push(token),
    now: () => NOW,
    log: recordLog().log,
  };
  const states = async () => (await registry.releases(agreement).list()).map(({ state }) => state);
  const round = async () => registry.rounds(agreement).read(DAY);
  return { publisher, told, states, round, agreement, verified, dismissed };
}

test('all are prepared before any is finalised, and the workflows are told once each', async () => {
  const { asked, channel } = listen();
  const { publisher, told, states, round, agreement } = await room(channel, LEGS);
  await publishRounds({ detail: { agreement, run: 'run-1', token: 'resume' } }, publisher);
  expect(asked).toEqual([...LEGS.map((leg) => `prepare ${leg}`), ...LEGS.map((leg) => `finalise ${leg}`)]);
  expect(await states()).toEqual(['final', 'final']);
  expect((await round())?.state).toBe('published');
  expect(told).toEqual([['published', ['resume', 'resume']]]);
});

describe('what goes out is what was verified', () => {
  test('once, where nothing came between', async () => {
    const { channel } = listen();
    const { publisher, verified } = await room(channel, LEGS);
    await publishRounds({ cause: 'schedule' }, publisher);
    expect(verified).toEqual(LEGS);
  });

  test('and again after a call that broke off: what was put in its place since is taken back', async () => {
    const { asked, channel } = listen();
    const { publisher, states, round } = await room(channel, LEGS);
    const broken = { ...channel, finalise: () => Promise.reject(new Error('throttled')) };
    const call = (changed: Partial<Publisher>) => publishRounds({ cause: 'schedule' }, { ...publisher, ...changed });
    await call({ exchange: broken, place: broken }).catch(() => undefined);
    expect((await round())?.state).toBe('publishing');
    const problems = ['the file is not the one that was certified'];
    await call({ verify: async () => ({ problems, files: [] }) });
    expect((await round())?.state).toBe('withheld');
    expect(await states()).toEqual(['revoked', 'revoked']);
    expect(asked.filter((each) => each.startsWith('finalise'))).toEqual([]);
  });

  test('nor where the way that it goes has taken in other files than were verified', async () => {
    const { asked, channel } = listen({}, [LEGS[1]!]);
    const { publisher, round } = await room(channel, LEGS);
    await publishRounds({ cause: 'schedule' }, publisher);
    expect(await round()).toMatchObject({ state: 'withheld', reason: `${LEGS[1]}: another was imported` });
    expect(asked.filter((each) => each.startsWith('finalise'))).toEqual([]);
  });

  test('file by file, by the tag that it had then, and nothing that lies beside it', async () => {
    const copied: unknown[] = [];
    const channel = openPlaceChannel({ copy: async (...copy) => void copied.push(copy) });
    const release = releaseOf(PLAN, LEGS[0]!, DAY, { place: '_escrow/x/' });
    const on = { plan: PLAN } as unknown as Parameters<typeof channel.finalise>[0];
    await channel.finalise(on, release, [{ key: '_escrow/x/part-0', file: 'part-0', tag: '"tag"', modified: NOW }]);
    expect(copied).toEqual([['_escrow/x/part-0', expect.stringMatching(/\/round=2026-01-01\/part-0$/), '"tag"']]);
  });
});

describe('a swap in which one gets too little', () => {
  const worth = { [LEGS[0]!]: 100, [LEGS[1]!]: 50 };
  const withOutside = (outside: 'warn' | 'withhold') => ({ ...PLAN, fairness: { ...PLAN.fairness, outside } });

  test('is withheld where the agreement says so, with who and by how much', async () => {
    const { asked, channel } = listen();
    const { publisher, states, round } = await room(channel, LEGS, [], { plan: withOutside('withhold'), worth });
    await publishRounds({ cause: 'schedule' }, publisher);
    expect(asked.filter((each) => each.startsWith('finalise'))).toEqual([]);
    expect(await states()).toEqual(['revoked', 'revoked']);
    expect(await round()).toMatchObject({
      state: 'withheld',
      reason: expect.stringMatching(/ gets 50 % less than it gives; the agreement allows 20 %/),
    });
  });

  test.each([
    ['the agreement only warns', withOutside('warn'), worth],
    ['it is within what the agreement allows', withOutside('withhold'), { [LEGS[0]!]: 100, [LEGS[1]!]: 81 }],
  ])('is published where %s', async (_, plan, values) => {
    const { publisher, round } = await room(listen().channel, LEGS, [], { plan, worth: values });
    await publishRounds({ cause: 'schedule' }, publisher);
    expect((await round())?.state).toBe('published');
  });
});

test('a round that lacks a leg waits', async () => {
  const { asked, channel } = listen();
  const { publisher, told, round } = await room(channel, LEGS.slice(0, 1));
  await publishRounds({ cause: 'schedule' }, publisher);
  expect(asked).toEqual([]);
  expect(told).toEqual([]);
  expect((await round())?.state).toBe('open');
});

test.each([
  ['cannot be prepared', { [LEGS[1]!]: 'it cannot be imported' }, []],
  ['is not what was certified', {}, ['the file is not the one on record']],
])('where one release %s, none is finalised, and the reason is on record', async (_, fails, problems) => {
  const { asked, channel } = listen(fails);
  const { publisher, told, states, round } = await room(channel, LEGS, problems);
  await publishRounds(undefined, publisher);
  expect(asked.filter((each) => each.startsWith('finalise'))).toEqual([]);
  expect(asked.filter((each) => each.startsWith('revoke'))).toHaveLength(2);
  expect(await states()).toEqual(['revoked', 'revoked']);
  expect(await round()).toMatchObject({ state: 'withheld', reason: expect.stringMatching(/imported|on record/) });
  expect(told[0]?.[0]).toBe('withheld');
});

test('what leaves the escrow was decided on, leg by leg, and is on record with its clause', async () => {
  const { publisher, agreement } = await room(listen().channel, LEGS);
  await publishRounds(undefined, publisher);
  const decisions = await publisher.registry.decisions(agreement).list();
  expect(decisions.map(({ door, effect, party, leg, round }) => ({ door, effect, party, leg, round }))).toEqual(
    PLAN.legs
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id, from }) => ({ door: 'publication', effect: 'permit', party: from, leg: id, round: DAY })),
  );
});

test('a round of an agreement that is suspended waits, decided on once, and goes on when it is resumed', async () => {
  const { asked, channel } = listen();
  const { publisher, round, agreement } = await room(channel, LEGS);
  const { registry } = publisher;
  await registry.rounds(agreement).create(roundOf(PLAN, DAY, { state: 'open' }));
  await registry.current(agreement).change([], (current) => ({ ...current, state: 'suspended' }));
  for (let times = 0; times < 3; times += 1) await publishRounds(undefined, publisher);
  expect(await round()).toMatchObject({ state: 'open', reason: 'forbidden: suspended (term)' });
  expect(asked.filter((each) => !each.startsWith('prepare'))).toEqual([]);
  expect(await registry.decisions(agreement).list()).toHaveLength(LEGS.length);
  await registry.current(agreement).change([], (current) => ({ ...current, state: 'active' }));
  await publishRounds(undefined, { ...publisher, now: () => `${DAY}T13:00:00Z` });
  expect(await round()).toEqual(roundOf(PLAN, DAY, { state: 'published', at: `${DAY}T13:00:00Z` }));
});

describe('a newer delivery that takes a release’s place while its round is published', () => {
  const newer = (leg: string) => `_escrow/${PLAN.agreement.id}/${leg}/run-2/`;

  test.each(['prepare', 'verify', 'decide'] as const)(
    'before it is sealed (%s), nothing goes out of what was looked at',
    async (when) => {
      const { asked, channel } = listen();
      const { publisher, agreement, states, round } = await room(channel, LEGS);
      const releases = publisher.registry.releases(agreement);
      const leg = LEGS[1]!;
      let isDone = false;
      const replace = async () => {
        if (isDone) return;
        isDone = true;
        await releases.change([DAY, leg], (each) => ({ ...each, place: newer(leg) }));
      };
      const replaceAt = async (now: typeof when, of = leg) => {
        if (now === when && of === leg) await replace();
      };
      const prepare: ReleaseChannel['prepare'] = async (on, release) => {
        const prepared = await channel.prepare(on, release);
        await replaceAt('prepare', release.leg);
        return prepared;
      };
      const decisions = publisher.registry.decisions(agreement);
      const create: typeof decisions.create = async (record) => {
        await replaceAt('decide');
        return decisions.create(record);
      };
      const racing: Publisher = {
        ...publisher,
        registry: { ...publisher.registry, decisions: () => ({ ...decisions, create }) },
        exchange: { ...channel, prepare },
        place: { ...channel, prepare },
        verify: async (on, release) => {
          const found = await publisher.verify(on, release);
          await replaceAt('verify', release.leg);
          return found;
        },
      };
      await publishRounds(undefined, racing);
      expect(asked.filter((each) => each.startsWith('finalise'))).toEqual([]);
      expect([isDone, await states(), (await round())?.state]).toEqual([true, ['prepared', 'prepared'], 'open']);
      await publishRounds(undefined, publisher);
      expect((await round())?.state).toBe('published');
      expect(await releases.read(DAY, leg)).toMatchObject({ state: 'final', place: newer(leg), sealed: NOW });
    },
  );
});

test.each(['prepare', 'verify', 'promise', 'finalise', 'revoke'] as const)(
  'a step (%s) that was planned for a release is not taken on a newer one that has its place by now',
  async (step) => {
    const { asked, channel } = listen();
    const { publisher, agreement, verified } = await room(channel, LEGS);
    const leg = LEGS[0]!;
    const on = (await readConduct(publisher.registry, agreement))!;
    const places = new Map(on.conduct.releases.map((each) => [each.leg, each.place]));
    const releases = publisher.registry.releases(agreement);
    await releases.change([DAY, leg], (each) => ({ ...each, place: `_escrow/${agreement}/${leg}/run-2/` }));
    const before = await releases.list();
    const publishing = { publisher, on, day: DAY, places, verified: new Map() };
    expect(await takeStep(publishing, { do: step, leg })).toBe(false);
    expect([asked, verified, await releases.list()]).toEqual([[], [], before]);
  },
);

describe('a workflow that waits for a release that is treated otherwise by now', () => {
  const outdated = async (token: (leg: string) => string) => {
    const { publisher, dismissed, agreement } = await room(listen().channel, []);
    const releases = publisher.registry.releases(agreement);
    for (const [at, leg] of LEGS.entries())
      await releases.create(releaseOf(PLAN, leg, DAY, { state: 'prepared', token: token(leg), version: 7 + at }));
    return { publisher, dismissed, releases };
  };

  test('is ended at once, and once', async () => {
    const { publisher, dismissed, releases } = await outdated((leg) => `resumes ${leg}`);
    for (let times = 0; times < 3; times += 1) await publishRounds({ cause: 'schedule' }, publisher);
    expect(dismissed.sort()).toEqual(LEGS.map((leg) => `resumes ${leg}`).sort());
    expect((await releases.list()).map(({ token, state }) => [token, state])).toEqual(
      LEGS.map(() => [undefined, 'prepared']),
    );
  });

  test('is ended where another has taken its place meanwhile', async () => {
    const { publisher, dismissed, releases } = await outdated((leg) => `resumes ${leg}`);
    const [leg = '', other = ''] = LEGS;
    const again = { version: 1, token: 'resumes the new one', dismissed: ['first', 'second'] };
    await releases.change([DAY, leg], (each) => ({ ...each, ...again }));
    await publishRounds({ cause: 'schedule' }, publisher);
    expect(dismissed.sort()).toEqual(['first', `resumes ${other}`, 'second']);
    expect(await releases.read(DAY, leg)).toEqual(releaseOf(PLAN, leg, DAY, { state: 'prepared', token: again.token }));
  });

  test('goes on while another leg of its run will go out', async () => {
    const { publisher, dismissed, releases } = await outdated(() => 'of both');
    await releases.change([DAY, LEGS[0]!], (each) => ({ ...each, version: 1 }));
    await publishRounds({ cause: 'schedule' }, publisher);
    expect(dismissed).toEqual([]);
  });
});

test('a round is not withheld before what was begun of it is taken back', async () => {
  const { channel } = listen({ [LEGS[1]!]: 'it cannot be imported' });
  let jobs = 1;
  const busy = { ...channel, revoke: async () => jobs-- <= 0 };
  const { publisher, told, states, round } = await room(busy, LEGS);
  await publishRounds(undefined, publisher);
  expect([await states(), (await round())?.state, told]).toEqual([['prepared', 'prepared'], 'open', []]);
  await publishRounds(undefined, publisher);
  expect([await states(), (await round())?.state]).toEqual([['revoked', 'revoked'], 'withheld']);
});

test('what is half taken back of a round that nothing of was out is taken back on, for the reason that it had', async () => {
  const { asked, channel } = listen();
  const problems = ['the file is not the one on record'];
  const { publisher, told, states, round } = await room(channel, LEGS, problems);
  let isRefused = true;
  const refusing: ReleaseChannel = {
    ...channel,
    revoke: async (on, release, reason) => {
      if (release.leg === LEGS[1] && isRefused) throw new Error('throttled');
      return channel.revoke(on, release, reason);
    },
  };
  const half = { ...publisher, exchange: refusing, place: refusing };
  await expect(publishRounds(undefined, half)).rejects.toThrow('Not published');
  expect([(await states()).toSorted(), (await round())?.state, told]).toEqual([['prepared', 'revoked'], 'open', []]);
  isRefused = false;
  const mended = async () => ({ problems: [], files: [] });
  await publishRounds(undefined, { ...half, verify: mended });
  expect(await states()).toEqual(['revoked', 'revoked']);
  expect(await round()).toMatchObject({ state: 'withheld', reason: expect.stringContaining(problems[0]!) });
  expect(told.map(([state]) => state)).toEqual(['withheld']);
  expect(asked.filter((each) => each.startsWith('finalise'))).toEqual([]);
});

test.each(['draft', 'signed', 'suspended', 'ended', 'settled'] as const)(
  'no round is opened while the agreement is %s',
  async (state) => {
    const { publisher, agreement, round } = await room(listen().channel, []);
    await publisher.registry.current(agreement).change([], (current) => ({ ...current, state }));
    await publishRounds({ cause: 'schedule' }, publisher);
    expect(await round()).toBeUndefined();
    await publisher.registry.current(agreement).change([], (current) => ({ ...current, state: 'active' }));
    await publishRounds({ cause: 'schedule' }, publisher);
    expect((await round())?.state).toBe('open');
  },
);

test('what is begun for one leg is begun for all in the same call, and nothing goes out before each is ready', async () => {
  const { asked, channel } = listen();
  const begun = new Set<string>();
  const importing: ReleaseChannel = {
    ...channel,
    prepare: async (on, release) => {
      if (begun.has(release.leg)) return channel.prepare(on, release);
      begun.add(release.leg);
      return { kind: 'wait' };
    },
  };
  const { publisher, verified, round } = await room(importing, LEGS);
  await publishRounds(undefined, publisher);
  expect([[...begun], asked, verified, (await round())?.state]).toEqual([LEGS, [], [], 'open']);
  await publishRounds(undefined, publisher);
  expect((await round())?.state).toBe('published');
});

describe('a round that is half out', () => {
  const named = (name: string, status: number) =>
    Object.assign(new Error('No.'), { name, $metadata: { httpStatusCode: status } });

  /** As an earlier round left it. */
  const entitled = (leg: string) => ({
    agreement: PLAN.agreement.id,
    leg,
    party: PLAN.legs.find(({ id }) => id === leg)?.to ?? '',
    kind: 'data-grant',
    state: 'granted' as const,
    releases: [],
    clause: 'legs',
    reason: 'granted',
    at: NOW,
  });

  /** The first leg is out; the second cannot be made final. */
  async function halfOut(
    error: Error,
    {
      revoke,
      via = 'lake-formation',
    }: { revoke?: ReleaseChannel['revoke']; via?: 'lake-formation' | 'data-grant' } = {},
  ) {
    const plan = { ...PLAN, legs: PLAN.legs.map((leg) => ({ ...leg, via: { kind: via } })) };
    const { asked, channel } = listen();
    const finalise: ReleaseChannel['finalise'] = async (on, release, files) => {
      if (release.leg === LEGS[1]) throw error;
      return channel.finalise(on, release, files);
    };
    const broken = { ...channel, finalise, ...(revoke === undefined ? {} : { revoke }) };
    const { publisher, ...rest } = await room(broken, LEGS, [], { plan });
    const call = (now: string) =>
      publishRounds({ cause: 'schedule' }, { ...publisher, now: () => now }).catch(() => undefined);
    await call(NOW);
    expect([(await rest.states()).toSorted(), (await rest.round())?.state]).toEqual([
      ['final', 'prepared'],
      'publishing',
    ]);
    return { ...rest, publisher, asked, call };
  }

  test.each([
    ['its revision is gone', new RevisionMissing('There is none to finalise.')],
    ['its data set is gone', named('ResourceNotFoundException', 404)],
    ['another file lies in its place', named('PreconditionFailed', 412)],
  ])('is taken back whole at the next call where %s', async (_, error) => {
    const { call, states, round, told } = await halfOut(error);
    await call(`${DAY}T12:15:00Z`);
    expect(await states()).toEqual(['revoked', 'revoked']);
    const reason = expect.stringContaining(`what was to be published is gone: ${error.name}`);
    expect(await round()).toMatchObject({ state: 'withheld', reason });
    expect(told.map(([state]) => state)).toEqual(['withheld']);
  });

  test.each([
    ['it is refused', named('AccessDeniedException', 403)],
    ['the service fails', named('InternalServerException', 500)],
    ['nobody knows why', new Error('socket hang up')],
  ])('is tried again for a day where %s, and then taken back, with its reason on record', async (_, error) => {
    const { call, states, round } = await halfOut(error);
    await call('2026-01-02T11:59:59Z');
    expect((await round())?.state).toBe('publishing');
    await call('2026-01-02T12:00:00Z');
    expect(await states()).toEqual(['revoked', 'revoked']);
    const reason = `it could not be published within a day: ${error.name}: ${error.message}`;
    expect(await round()).toMatchObject({ state: 'withheld', reason });
  });

  test('is tried at the next look and no longer where a receiver sees already what is out', async () => {
    const { call, states, round, publisher } = await halfOut(new Error('socket hang up'), { via: 'data-grant' });
    await publisher.registry.entitlements(PLAN.agreement.id).create(entitled(LEGS[0]!));
    await call(`${DAY}T12:15:00Z`);
    expect((await round())?.state).toBe('publishing');
    await call(`${DAY}T12:30:00Z`);
    expect(await states()).toEqual(['revoked', 'revoked']);
    const reason =
      'a part of it could be seen, and the rest could not be published within 25 minutes: Error: socket hang up';
    expect(await round()).toMatchObject({ state: 'withheld', reason });
  });

  test('has a day in its first round, before any receiver has its data set', async () => {
    const { call, round, publisher } = await halfOut(new Error('socket hang up'), { via: 'data-grant' });
    // Of the leg that is not out yet: there is nothing to be seen.
    await publisher.registry.entitlements(PLAN.agreement.id).create(entitled(LEGS[1]!));
    await call('2026-01-02T11:59:59Z');
    expect((await round())?.state).toBe('publishing');
    await call('2026-01-02T12:00:00Z');
    const reason = 'it could not be published within a day: Error: socket hang up';
    expect(await round()).toMatchObject({ state: 'withheld', reason });
  });

  test('and one leg that cannot be taken back keeps no other from it, nor loses the reason', async () => {
    let isRefused = true;
    const revoke: ReleaseChannel['revoke'] = async (_, { leg }) => {
      if (leg === PLAN.legs.map(({ id }) => id).toSorted()[0] && isRefused) throw named('AccessDeniedException', 403);
      return true;
    };
    const { call, states, round } = await halfOut(new RevisionMissing('There is none to finalise.'), { revoke });
    await call(`${DAY}T12:15:00Z`);
    expect((await states()).filter((state) => state === 'revoked')).toHaveLength(1);
    expect((await round())?.state).toBe('publishing');
    isRefused = false;
    await call(`${DAY}T12:30:00Z`);
    expect(await states()).toEqual(['revoked', 'revoked']);
    expect(await round()).toMatchObject({ state: 'withheld', reason: expect.stringContaining('RevisionMissing') });
  });
});

test('each agreement is brought on first in its turn, so that none waits for ever behind one that takes a whole run', async () => {
  const { publisher, agreement } = await room(listen().channel, []);
  const { registry } = publisher;
  const all = [agreement, 'bank-shop-2026', 'telco-press-2026'];
  for (const id of all.slice(1)) await registry.enlist(id);
  const first = new Set<string>();
  for (const minute of ['00', '15', '30']) {
    const looked: string[] = [];
    const current = (id: string) => {
      looked.push(id);
      return registry.current(id);
    };
    const now = () => `${DAY}T12:${minute}:00Z`;
    await publishRounds({ cause: 'schedule' }, { ...publisher, registry: { ...registry, current }, now });
    first.add(looked[0] ?? 'none');
  }
  expect([...first].sort()).toEqual(all.toSorted());
});

test('one agreement that cannot be looked at does not keep the others waiting, and is told', async () => {
  const { channel } = listen();
  const { publisher, round } = await room(channel, LEGS);
  await publisher.registry.enlist('another-agreement');
  const { registry } = publisher;
  const broken = { ...registry, current: (id: string) => (id === 'another-agreement' ? fail() : registry.current(id)) };
  await expect(publishRounds({}, { ...publisher, registry: broken })).rejects.toMatchObject({
    name: 'RoundsNotPublished',
    message: 'Not published: another-agreement.',
  });
  expect((await round())?.state).toBe('published');
});

function fail(): never {
  throw new Error('It is not there.');
}
