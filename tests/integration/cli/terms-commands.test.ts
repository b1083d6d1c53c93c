import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import picocolors from 'picocolors';
import { addAmendCommand } from '../../../lib/cli/commands/amend-command';
import { addAttestCommand } from '../../../lib/cli/commands/attest-command';
import { addEndCommand } from '../../../lib/cli/commands/end-command';
import { addOverruleCommand } from '../../../lib/cli/commands/overrule-command';
import { addResumeCommand, addSuspendCommand } from '../../../lib/cli/commands/pause-commands';
import { addSignCommand } from '../../../lib/cli/commands/sign-command';
import { addStatusCommand } from '../../../lib/cli/commands/status-command';
import type { Terminal } from '../../../lib/cli/describe/terminal';
import { openEmbeddedRegistry } from '../../../lib/cli/read/embedded-registry';
import { readConduct } from '../../../lib/domain/registry/read-conduct';
import { runBarter } from './small-swap';

const EXAMPLE = join(__dirname, '../../../examples/telco-retail');
const ID = 'telco-retail-2026';
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'barter-terms-'));
  cpSync(EXAMPLE, folder, { recursive: true });
  file = join(folder, 'agreement.yaml');
  // A term that these tests, whenever they run, are in.
  edit(file, (text) => text.replace(/starts: .*/, 'starts: 2020-01-01').replace(/ends: .*/, 'ends: 2119-12-31'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function edit(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

async function run(...args: readonly string[]): Promise<string> {
  const said: string[] = [];
  const colour = picocolors.createColors(false);
  const out = (line: string) => void said.push(line);
  const terminal: Terminal = { out, err: out, progress: () => {}, endProgress: () => {}, colour, errColour: colour };
  const program = new Command();
  for (const add of [
    addSignCommand,
    addStatusCommand,
    addAmendCommand,
    addEndCommand,
    addAttestCommand,
    addOverruleCommand,
    addSuspendCommand,
    addResumeCommand,
  ])
    add(program, terminal, () => {});
  for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: () => {} });
  await program.parseAsync(args, { from: 'user' });
  return said.join('\n');
}

const sign = (by: string, ...more: readonly string[]) => run('sign', file, '--by', by, ...more);
const status = async () => JSON.parse(await run('status', file, '--json'));

test('it is in force when both have signed, and says who may have what, and why not yet', async () => {
  expect(await sign('telco')).toContain('Still to sign: retail.');
  expect((await status()).state).toBe('draft');
  expect(await sign('retail')).toContain('All have signed: it is active.');
  const text = await run('status', file);
  expect(text).toMatch(/signed {3}telco/);
  expect(text).toContain('retail by telco-retail-usage: withheld  no-complete-round');
  const { state, history, due } = await status();
  expect(state).toBe('active');
  expect(history.map((step: { act: string }) => step.act)).toEqual(['sign', 'begin']);
  expect(due.overdue).toEqual([]);
});

test('signing again changes nothing', async () => {
  for (const by of ['telco', 'retail', 'telco']) await sign(by);
  expect((await status()).history).toHaveLength(2);
});

test('what was signed is not rewritten: other terms need another version, which all sign', async () => {
  await sign('telco');
  await sign('retail');
  edit(file, (text) => text.replace('retain: P180D', 'retain: P1Y'));
  await expect(sign('telco')).rejects.toThrow('raise `version`');
  expect(await run('status', file)).toContain('with other terms: it is not in force');
  edit(file, (text) => text.replace('version: 1', 'version: 2'));
  expect(await sign('telco')).toContain('Still to sign: retail.');
  expect((await status()).agreement.version).toBe(1);
  await sign('retail');
  expect(await status()).toMatchObject({ agreement: { version: 2 }, state: 'active', file: { isInForce: true } });
});

test('a signature that somebody changed on the record is told', async () => {
  await sign('telco');
  const registry = openEmbeddedRegistry(file, {});
  await registry.signatures(ID).change([1, 'telco'], (signature) => ({
    ...signature,
    at: signature.at,
    signature: signature.signature.replace(/^..../, 'AAAA'),
  }));
  expect((await status()).signatures[0]).toMatchObject({ party: 'telco', state: 'not-genuine' });
});

test('amend says what loosens and who gains by it', async () => {
  const next = join(folder, 'next.yaml');
  writeFileSync(next, readFileSync(file, 'utf8'));
  expect(await run('amend', file, next)).toContain('Both say the same');
  edit(next, (text) => text.replace('retain: P180D', 'retain: P1Y'));
  await expect(run('amend', file, next)).rejects.toThrow('raise `version`');
  edit(next, (text) => text.replace('version: 1', 'version: 2'));
  const text = await run('amend', file, next);
  expect(text).toContain('Looser\n  legs.telco-retail-usage.retain: P180D → P1Y   (gains: retail)');
  expect(text).toContain('Resources\n  changed: expiry of releases telco-retail-usage\n\nAll sign');
  expect(text).toContain('All sign again: telco, retail. Until then version 1 is in force.');
  expect(text).not.toContain('keeps the remedies of then');
  edit(next, (text) => text.replace(/^remedies:\n/m, 'remedies:\n  - { on: failed-release, do: warn }\n'));
  expect(await run('amend', file, next)).toContain('was over, by then keeps the remedies of then.');
  edit(next, (text) => text.replace('agreement: telco-retail-2026', 'agreement: another-2026'));
  await expect(run('amend', file, next)).rejects.toThrow('name two versions of one agreement');
});

test('amend says which resources come and go, and what a receiver does anew', async () => {
  const next = join(folder, 'next.yaml');
  const amend = (change: (text: string) => string) => {
    writeFileSync(next, change(readFileSync(file, 'utf8').replace('version: 1', 'version: 2')));
    return run('amend', file, next);
  };
  const moved = await amend((text) => text.replace('via: data-grant', 'via: lake-formation'));
  for (const line of ['removed: data set', 'removed: data grant', 'added: share'])
    expect(moved).toContain(`  ${line} retail-telco-purchases\n`);
  expect(moved).toContain('To be done anew\n  telco accepts the share of tables (retail-telco-purchases)\n');
  const shorter = await amend((text) => text.replace(/ends: .*/, 'ends: 2118-12-31'));
  expect(shorter).toContain(
    'Resources\n  changed: schedule term-ends\n  changed: schedule destruction-due\n\nAll sign',
  );
  const sooner = await amend((text) => text.replace('notice: P30D', 'notice: P20D'));
  expect(sooner).toContain('Resources\n  none: the room works by the version in force');
});

test('status tells the last day of a notice, where an amendment ends the term sooner, and that it is over', async () => {
  for (const by of ['telco', 'retail']) await sign(by);
  await run('end', file, '--by', 'telco', '--reason', 'over');
  const registry = openEmbeddedRegistry(file, {});
  const moveEnd = (lastDay: string) =>
    registry.current(ID).change([], (each) => ({ ...each, ending: { ...each.ending!, lastDay } }));
  await moveEnd('2120-01-31');
  expect((await status()).notice.lastDay).toBe('2119-12-31');
  expect(await run('status', file)).toContain('It ends after 2119-12-31: telco gave notice on');
  await moveEnd('2020-02-01');
  expect(await run('status', file)).toContain('It ended after 2020-02-01: telco gave notice on');
});

test('a notice starts the exit; the first one stands', async () => {
  await expect(run('end', file, '--by', 'telco', '--reason', 'x')).rejects.toThrow('is not on record here');
  await sign('telco');
  await expect(run('end', file, '--by', 'telco', '--reason', 'x')).rejects.toThrow('nothing binds anybody yet');
  await sign('retail');
  const text = await run('end', file, '--by', 'telco', '--reason', 'the campaign is over');
  expect(text).toContain('notice by telco');
  expect(text).toContain('everything is taken back');
  expect(text).toContain('on one machine who runs it takes back what was handed over');
  expect(text).toContain('On one machine it is yours to do');
  expect(text).toContain(join('.barter', 'keys'));
  const again = await run('end', file, '--by', 'retail', '--reason', 'me too');
  expect(again).toContain('telco gave notice on');
  const shown = await run('status', file);
  expect(shown.split('\n').slice(0, 4).join('\n')).toMatch(
    /It ends after \d{4}-\d\d-\d\d: telco gave notice on \d{4}-\d\d-\d\d, the campaign is over/,
  );
  expect(shown).toContain("on one machine who runs it deletes the givers' key files");
  expect(JSON.parse(await run('status', file, '--json'))).toMatchObject({
    notice: { by: 'telco', reason: 'the campaign is over' },
  });
  await expect(run('attest', file, '--by', 'retail', '--name', 'A', '--statement', 'b')).rejects.toThrow(
    'has received nothing',
  );
});

/** A leg's receiver has had data by it. */
async function release(registry: ReturnType<typeof openEmbeddedRegistry>, leg: string) {
  const at = '2020-01-01T12:00:00Z';
  const hashes = { sha256: 'a1'.repeat(32), certificate: 'b2'.repeat(32) };
  const told = { agreement: ID, version: 1, round: '2020-01-01', leg, state: 'final' as const, place: 'out', at };
  await registry.releases(ID).create({ ...told, ...hashes });
}

/** Signed by all, given notice of, its last day over, and something was received by each leg. */
async function endInThePast() {
  await sign('telco');
  await sign('retail');
  await run('end', file, '--by', 'telco', '--reason', 'over');
  const registry = openEmbeddedRegistry(file, {});
  await registry
    .current(ID)
    .change([], (current) => ({ ...current, ending: { ...current.ending!, lastDay: '2020-02-01' } }));
  for (const leg of ['telco-retail-usage', 'retail-telco-purchases']) await release(registry, leg);
  return registry;
}

test('it is settled when all have attested', async () => {
  await endInThePast();
  expect((await status()).state).toBe('ended');
  const attest = (by: string, ...more: string[]) =>
    run('attest', file, '--by', by, '--name', 'A. Keeper', '--statement', 'emptied', ...more);
  expect(await attest('retail')).toContain('The agreement is ended.');
  await expect(attest('telco', '--leg', 'telco-retail-usage')).rejects.toThrow(
    'It has received: retail-telco-purchases',
  );
  expect(await attest('telco')).toContain('The agreement is settled.');
  expect(await attest('telco')).toContain('was attested before');
});

test('a release whose time is over is attested by itself, while the agreement goes on', async () => {
  edit(file, (text) => text.replace('retain: P180D', 'retain: P30D'));
  for (const by of ['telco', 'retail']) await sign(by);
  const registry = openEmbeddedRegistry(file, {});
  const [leg, agreement, at] = ['telco-retail-usage', ID, '2020-01-01T12:00:00Z'];
  await release(registry, leg);
  await registry.rounds(ID).create({ agreement, version: 1, day: '2020-01-01', legs: [leg], state: 'published', at });
  expect((await status()).due.retention).toMatchObject([{ round: '2020-01-01', state: 'overdue' }]);
  expect(await run('status', file)).toContain(`retail has to destroy ${leg} of 2020-01-01`);
  const attest = (...more: string[]) =>
    run('attest', file, '--by', 'retail', '--name', 'A. Keeper', '--statement', 'emptied', ...more);
  await expect(attest('--round', '2020-02-01')).rejects.toThrow(
    'Nothing was received by telco-retail-usage in round 2020-02-01',
  );
  expect(await attest()).toContain(`retail has attested the destruction of ${leg} of 2020-01-01.`);
  expect(await attest('--round', '2020-01-01')).toContain('was attested before; that stands.');
  expect(await attest()).toContain('is to be destroyed yet');
  expect((await status()).due).toMatchObject({ retention: [], unproven: [] });
  const told = await registry.releaseAttestations(ID).list();
  expect(told).toMatchObject([{ round: '2020-01-01', leg, party: 'retail', releases: ['2020-01-01'] }]);
});

test('nobody attests for another: neither by a key that the party does not hold, nor by writing into the folder', async () => {
  const registry = await endInThePast();
  const attest = (...more: string[]) =>
    run('attest', file, '--by', 'retail', '--name', 'A. Keeper', '--statement', 'emptied', ...more);
  const key = join(folder, '.barter/signing/telco.pem');
  await expect(attest('--key', key)).rejects.toThrow('not the key that retail holds');
  await expect(attest('--key', join(folder, 'none.pem'))).rejects.toThrow('is not there');
  await expect(attest('--key', key, '--kms', 'arn:key')).rejects.toThrow('give --key or --kms');
  await expect(attest('--room', 'https://room.example', '--registry', folder)).rejects.toThrow('Give one.');
  expect(await registry.attestations(ID).list()).toEqual([]);
  await attest();
  expect((await status()).due.unproven).toEqual([]);
  const [genuine] = await registry.attestations(ID).list();
  await registry
    .attestations(ID)
    .change([genuine!.leg, 'retail'], (each) => ({ ...each, statement: 'kept for later' }));
  expect(await run('status', file)).toContain(
    'in the name of retail, and not signed by it (not-genuine): destruction of telco-retail-usage',
  );
});

test('a person overrules a breach: what follows is lifted, and who, when and why is told for good', async () => {
  await sign('telco');
  await sign('retail');
  const registry = openEmbeddedRegistry(file, {});
  const report = 'foreign-network:retail:telco-retail-usage:2026-03-01';
  const since = '2026-03-01T10:00:00Z';
  await registry.breaches(ID).create({
    report,
    agreement: ID,
    kind: 'foreign-network',
    trigger: 'forbidden-access',
    party: 'retail',
    leg: 'telco-retail-usage',
    clause: 'remedies',
    since,
    reportedAt: since,
    evidence: [],
    taken: [],
  });
  expect(await run('status', file)).toContain('remedy: suspend-party against retail');
  const overrule = (by: string, breach = report) =>
    run('overrule', file, breach, '--by', by, '--reason', 'a new office, agreed by telephone');
  await expect(overrule('retail')).rejects.toThrow('retail is said to be in breach itself');
  await expect(overrule('bank')).rejects.toThrow('has no party "bank"');
  await expect(overrule('telco', 'none')).rejects.toThrow(`has no breach "none" on record. There is: ${report}.`);
  expect(await overrule('telco')).toContain('lifted: suspend-party against retail');
  const text = await run('status', file);
  expect(text).not.toContain('remedy: suspend-party');
  expect(text).toMatch(new RegExp(`${report}: by telco on .*, a new office, agreed by telephone`));
  expect(await overrule('operator')).toContain('Overruled already, by telco');
});

test('a person suspends the agreement, and has it go on: the record says who, when and why', async () => {
  await sign('telco');
  const say = (act: string, by: string) => run(act, file, '--by', by, '--reason', 'a leak is looked into');
  await expect(say('suspend', 'telco')).rejects.toThrow('an agreement that is draft cannot suspend');
  await sign('retail');
  await expect(say('resume', 'telco')).rejects.toThrow('an agreement that is active cannot resume');
  await expect(say('suspend', 'bank')).rejects.toThrow('has no party "bank". There is: telco, retail, operator.');
  expect(await say('suspend', 'telco')).toContain(
    `${ID} is suspended by telco: nothing is published, and what telco gives and gets is taken back, until barter resume.`,
  );
  const text = await run('status', file);
  expect(text).toMatch(/: suspended\n {2}since .*: a leak is looked into \(parties\.telco\)/);
  expect(text).toContain('withheld  suspended');
  await expect(say('resume', 'operator')).rejects.toThrow(
    'it was suspended by telco, and goes on when the same say so',
  );
  expect(await say('suspend', 'operator')).toContain(`${ID} is suspended by operator: nothing is granted until`);
  expect(await say('resume', 'telco')).toContain(`${ID} stays suspended, by operator`);
  expect(await say('resume', 'operator')).toContain(`${ID} is active again, by operator`);
  const { history } = (await readConduct(openEmbeddedRegistry(file, {}), ID))!.current;
  expect(history.map(({ act, by }) => `${act} ${by}`).slice(-4)).toEqual([
    'suspend telco',
    'suspend operator',
    'resume telco',
    'resume operator',
  ]);
});

test('help says what a suspension takes back, and which commands end with 3', () => {
  const help = (...args: readonly string[]) => runBarter(folder, ...args, '--help').stdout.replaceAll(/\s+/g, ' ');
  expect(help('suspend')).toContain('what the party that says so gives and gets, or all where the operator does');
  expect(help()).toContain('enforced otherwise (status --room)');
});

describe('bad input', () => {
  test.each<[string, readonly string[], string]>([
    ['a party that is none', ['sign', 'FILE', '--by', 'bank'], 'has no party "bank". There is: telco, retail.'],
    [
      'a key that is not there',
      ['sign', 'FILE', '--by', 'telco', '--key', 'none.pem'],
      'The signing key none.pem is not there',
    ],
    ['an empty registry', ['sign', 'FILE', '--by', 'telco', '--registry', ''], '--registry is empty'],
    ['a file that is none', ['status', 'nowhere.yaml'], 'nowhere.yaml has 1 mistake'],
    ['what was never signed', ['status', 'FILE'], 'is not on record here'],
  ])('%s', async (_, args, problem) => {
    await expect(run(...args.map((arg) => (arg === 'FILE' ? file : arg)))).rejects.toThrow(problem);
  });

  test('a reason of several lines', async () => {
    await sign('telco');
    await sign('retail');
    await expect(run('end', file, '--by', 'telco', '--reason', 'a\nb')).rejects.toThrow('on one line');
  });

  test('a key that others can read', async () => {
    await sign('telco');
    chmodSync(join(folder, '.barter/signing/telco.pem'), 0o644);
    await expect(sign('telco')).rejects.toThrow('can be read by others');
  });

  test('another key than before', async () => {
    await sign('telco');
    rmSync(join(folder, '.barter/signing/telco.pem'));
    await expect(sign('telco')).rejects.toThrow('This is not the key');
  });
});
