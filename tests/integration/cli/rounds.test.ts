import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbeddedRegistry } from '../../../lib/cli/read/embedded-registry';
import { addDuration } from '../../../lib/domain/agreement/periods/duration';
import { customersCsv, makeSmallSwap, runBarter } from './small-swap';

/* Rounds that follow one another, on record: the term of the agreement begins today, whatever day it is. */

const BARTER = join(__dirname, '../../../bin/barter.js');
const TODAY = new Date().toISOString().slice(0, 10);
const day = (weeks: number) => addDuration(TODAY, 'P7D', weeks).slice(0, 10);

function makeSignedSwap(change: (text: string) => string = (text) => text): string {
  const folder = makeSmallSwap();
  const file = join(folder, 'agreement.yaml');
  const term = `term: { starts: ${TODAY}, ends: ${addDuration(TODAY, 'P1Y').slice(0, 10)},`;
  writeFileSync(file, change(readFileSync(file, 'utf8').replace(/term: \{ starts: \S+ ends: \S+/, term)));
  for (const by of ['north', 'south']) expect(runBarter(folder, 'sign', 'agreement.yaml', '--by', by).status).toBe(0);
  return folder;
}

function rehearse(folder: string, out: string, ...more: readonly string[]) {
  const data = ['--data', 'customers=customers.csv', '--data', 'orders=orders.csv'];
  return runBarter(folder, 'rehearse', 'agreement.yaml', ...data, '--out', out, ...more);
}

const read = (folder: string, ...path: readonly string[]) => readFileSync(join(folder, ...path), 'utf8');
const certificateOf = (folder: string, out: string) =>
  JSON.parse(read(folder, out, 'south/inbox/customers/certificate.json'));
const statusOf = (folder: string) => JSON.parse(runBarter(folder, 'status', 'agreement.yaml', '--json').stdout);

describe('rounds of a signed agreement', () => {
  let folder: string;
  beforeAll(() => {
    folder = makeSignedSwap();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('the first is on record: its round is closed, its releases can be erased from', () => {
    const { status, stdout } = rehearse(folder, 'first');
    expect(stdout).toContain(`On record: the round of ${day(0)}.`);
    expect(status).toBe(0);
    expect(certificateOf(folder, 'first')).not.toHaveProperty('compositionRisk');
    const { rounds, entitlements } = statusOf(folder);
    expect(rounds).toEqual([{ day: day(0), state: 'published', waitsFor: [] }]);
    expect(entitlements).toMatchObject([
      { effect: 'grant', releases: [day(0)] },
      { effect: 'grant', releases: [day(0)] },
    ]);
  });

  test('a later one has the same levels, and says what it tells beside the first', () => {
    // Three of the people are others, and all are ten years older.
    const [header, ...rows] = customersCsv().trim().split('\n');
    const grown = rows.map((row, at) => {
      const [id, name, age, ...rest] = row.split(',');
      return [at < 3 ? `${id}x` : id, name, Number(age) + 10, ...rest].join(',');
    });
    writeFileSync(join(folder, 'customers.csv'), [header, ...grown].join('\n').concat('\n'));
    const early = rehearse(folder, 'second');
    expect(early.stderr).toContain(`The round of ${day(1)} takes deliveries from `);
    expect(early.status).toBe(2);
    const { stdout, status } = rehearse(folder, 'second', '--round', day(1));
    expect(stdout).toContain(`On record: the round of ${day(1)}.`);
    expect(status).toBe(0);
    const [first, second] = [certificateOf(folder, 'first'), certificateOf(folder, 'second')];
    expect(second.privacy.levels).toEqual(first.privacy.levels);
    expect(second.privacy.search).toMatchObject({ isFixed: true });
    expect(second.compositionRisk).toMatchObject({ rounds: 2, missing: 0 });
    // Whoever went or came is not hidden by those who stayed.
    expect(second.compositionRisk.leastGroup).toBe(1);
    expect(second.compositionRisk.singledOut).toBeGreaterThan(0);
    expect(read(folder, 'second/room.html')).toContain('Over 2 releases');
  });

  test('every round that is due has its release: another has to be named, once', () => {
    const more = rehearse(folder, 'third');
    expect(more.stderr).toContain('what is out is not taken back. Name a round by --round');
    expect(more.status).toBe(2);
    expect(rehearse(folder, 'third', '--round', day(0)).stderr).toContain(`The round of ${day(0)} has its release`);
    expect(rehearse(folder, 'third', '--round', '2020-01-01').stderr).toContain(
      `No round is due on 2020-01-01. The next are due on ${day(1)}, ${day(2)}, ${day(3)}.`,
    );
    expect(rehearse(folder, 'first', '--round', day(2)).status).toBe(0);
    expect(certificateOf(folder, 'first').compositionRisk).toMatchObject({ rounds: 3, missing: 0 });
    // The folder of the first round has been taken by the third.
    expect(rehearse(folder, 'fourth', '--round', day(3)).status).toBe(0);
    expect(certificateOf(folder, 'fourth').compositionRisk).toMatchObject({ rounds: 3, missing: 1 });
    expect(statusOf(folder).rounds.map((round: { state: string }) => round.state)).toEqual(Array(4).fill('published'));
  });

  test.each([
    ['somebody who is in all', 'c7', '4 releases'],
    // The release of the first round is not there any more: it may hold anybody.
    ['somebody who is in none of the others', 'c999', '1 release'],
  ])('erasing lists every release that may hold the subject: %s', (_, who, releases) => {
    const { stdout } = spawnSync('node', [BARTER, 'erase', 'agreement.yaml', '--dataset', 'customers'], {
      cwd: folder,
      encoding: 'utf8',
      input: `${who}\n`,
    });
    const said = `south \\(privacy@south\\.example\\): ${releases} that may hold the person, token [0-9a-f]{32}`;
    expect(stdout).toMatch(new RegExp(said));
  });

  test('a trial heeds no round and records none', () => {
    const { stdout, status } = rehearse(folder, 'trial', '--trial');
    expect(stdout).toContain('On record: nothing. This is a trial: it was asked for.');
    expect(status).toBe(0);
    expect(certificateOf(folder, 'trial').privacy.search).not.toHaveProperty('isFixed');
    expect(rehearse(folder, 'trial', '--trial', '--round', day(5)).status).toBe(2);
    expect(statusOf(folder).rounds).toHaveLength(4);
  });
});

describe('a round goes on with the key of those before it, or not at all', () => {
  let folder: string;
  beforeAll(() => {
    folder = makeSignedSwap();
    expect(rehearse(folder, 'first').status).toBe(0);
    renameSync(join(folder, '.barter/keys'), join(folder, 'kept'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    ['as a round', ['--round', day(1)]],
    ['as a trial', ['--trial']],
  ])('a key that is lost is not made anew %s', (_, how) => {
    const { status, stderr } = rehearse(folder, 'second', ...how);
    expect(stderr).toContain('small-swap/north.key is not there, with the one that releases on record were made with');
    expect(status).toBe(2);
    expect(existsSync(join(folder, '.barter/keys')) || existsSync(join(folder, 'second'))).toBe(false);
  });

  test('nor is another taken, wherever it lies', () => {
    const other = makeSmallSwap();
    expect(rehearse(other, 'draft').status).toBe(0);
    const keys = join(other, '.barter/keys');
    const { status, stderr } = rehearse(folder, 'second', '--round', day(1), '--keys', keys);
    expect(stderr).toContain('small-swap/north.key holds another key than the one that releases on record were made');
    expect(status).toBe(2);
    rmSync(other, { recursive: true, force: true });
  });

  test('the one that was kept is, from anywhere', () => {
    expect(rehearse(folder, 'second', '--round', day(1), '--keys', 'kept').status).toBe(0);
    expect(statusOf(folder).rounds.filter(({ state }: { state: string }) => state === 'published')).toHaveLength(2);
  });
});

describe('a round that cannot keep the levels', () => {
  test('is withheld, stays open, and says that a new version of the dataset is needed', () => {
    const folder = makeSignedSwap();
    expect(rehearse(folder, 'first').status).toBe(0);
    const few = customersCsv().trim().split('\n').slice(0, 14);
    writeFileSync(join(folder, 'customers.csv'), few.join('\n').concat('\n'));
    const { status, stdout } = rehearse(folder, 'second', '--round', day(1));
    expect(status).toBe(3);
    expect(stdout).toContain('gate privacy failed: At the levels of the earlier rounds');
    expect(stdout).toContain('Agree on a new version of the dataset (an amendment that raises its `version`)');
    expect(stdout).toContain(
      `On record: that customers cannot be certified (failed-release, barter status). The round of ${day(1)} stays open.`,
    );
    expect(statusOf(folder).rounds).toHaveLength(1);
    rmSync(folder, { recursive: true, force: true });
  });

  test('nor can a second one of regions', () => {
    const folder = makeSignedSwap((text) =>
      text.replace('l: { member: 2 }', 'l: { member: 2 }, mode: multidimensional'),
    );
    expect(rehearse(folder, 'first').status).toBe(0);
    const { status, stdout } = rehearse(folder, 'second', '--round', day(1));
    expect(status).toBe(3);
    expect(stdout).toContain('is out in multidimensional mode');
    rmSync(folder, { recursive: true, force: true });
  });
});

test('a dataset that is due less often than another is delivered on its own days', () => {
  const folder = makeSignedSwap((text) => text.replace(/(dataset: orders, every: )P7D/, '$1P1M'));
  expect(rehearse(folder, 'first').stdout).toContain(`On record: the round of ${day(0)}.`);
  const both = rehearse(folder, 'second', '--round', day(1));
  expect(both.stderr).toContain('no release of orders is due in this round; leave --data orders=orders.csv out');
  expect(both.status).toBe(2);
  const customers = ['rehearse', 'agreement.yaml', '--data', 'customers=customers.csv'];
  const { stdout, status } = runBarter(folder, ...customers, '--out', 'second', '--round', day(1));
  expect(stdout).toContain(`On record: the round of ${day(1)}.`);
  expect(status).toBe(0);
  expect(statusOf(folder).rounds.map((round: { readonly state: string }) => round.state)).toEqual([
    'published',
    'published',
  ]);
  rmSync(folder, { recursive: true, force: true });
});

/** The last day of a notice, as the record has it, is moved into the past. */
async function endInThePast(folder: string): Promise<void> {
  const by = ['--by', 'north', '--reason', 'it is over'];
  expect(runBarter(folder, 'end', 'agreement.yaml', ...by).status).toBe(0);
  const registry = openEmbeddedRegistry(join(folder, 'agreement.yaml'), {});
  const ending = { at: `${TODAY}T00:00:00Z`, by: 'north', reason: 'it is over', clause: 'term.exit.notice' };
  await registry
    .current('small-swap')
    .change([], (each) => ({ ...each, ending: { ...ending, lastDay: addDuration(TODAY, 'P1D', -1).slice(0, 10) } }));
}

describe('of an agreement that is over or stands still nothing is rehearsed', () => {
  let folder: string;
  beforeEach(() => {
    folder = makeSignedSwap();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const refused = (says: string, next: string) => {
    for (const more of [[], ['--trial']]) {
      const { status, stderr } = rehearse(folder, 'out', ...more);
      expect(stderr).toContain(`The record says that small-swap is ${says}`);
      expect(stderr).toContain(next);
      expect(status).toBe(2);
    }
    expect(readdirSync(folder)).not.toContain('out');
    expect(readdirSync(join(folder, '.barter'))).not.toContain('keys');
  };

  test('while it is suspended, and again when it goes on', () => {
    const say = (act: string) => runBarter(folder, act, 'agreement.yaml', '--by', 'south', '--reason', 'a leak');
    expect(say('suspend').status).toBe(0);
    refused(`suspended since ${TODAY}: a leak (parties.south).`, 'barter resume');
    expect(say('resume').status).toBe(0);
    expect(rehearse(folder, 'out').status).toBe(0);
  });

  test('when nothing was received and it is settled', async () => {
    await endInThePast(folder);
    refused(`settled since ${TODAY}: nothing was received`, 'a new agreement, with an id of its own');
  });

  test('when it has ended; who deletes which keys is told until they are gone, and none is made anew', async () => {
    expect(rehearse(folder, 'first').status).toBe(0);
    await endInThePast(folder);
    const { stderr, status } = rehearse(folder, 'second', '--trial');
    expect(stderr).toContain(`The record says that small-swap is ended since ${TODAY}`);
    expect(status).toBe(2);
    const keys = ['north', 'south'].map((giver) => join('.barter/keys/small-swap', `${giver}.key`));
    const told = `To be deleted by who runs this machine, with each copy: ${keys.join(', ')}.`;
    expect(runBarter(folder, 'status', 'agreement.yaml').stdout).toContain(told);
    const attest = (by: string) =>
      runBarter(folder, 'attest', 'agreement.yaml', '--by', by, '--name', 'A. Keeper', '--statement', 'emptied').stdout;
    attest('north');
    expect(attest('south')).toContain(`The agreement is settled.\n${told}`);
    expect(statusOf(folder)).toMatchObject({ state: 'settled', keysLeft: keys });
    for (const key of keys) rmSync(join(folder, key));
    expect(statusOf(folder).keysLeft).toEqual([]);
    expect(runBarter(folder, 'status', 'agreement.yaml').stdout).not.toContain('To be deleted');
    expect(rehearse(folder, 'second').status).toBe(2);
    expect(readdirSync(join(folder, '.barter/keys/small-swap')).filter((name) => name.endsWith('.key'))).toEqual([]);
  });
});

test('of an agreement that nobody has signed a rehearsal is a trial', () => {
  const folder = makeSmallSwap();
  expect(rehearse(folder, 'out').stdout).toContain('This is a trial: nobody has signed the agreement.');
  expect(rehearse(folder, 'out', '--round', day(0)).stderr).toContain('this is a trial');
  rmSync(folder, { recursive: true, force: true });
});
