import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateAuditSample } from '../../../examples/audit/generate';
import { runAuditCommand as run } from './run-audit-command';

/** The walk of docs/audit.md, as an auditor takes it at the terminal. */
const folder = mkdtempSync(join(tmpdir(), 'barter-walk-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);
const AGREEMENTS = ['--agreements', at('sample/agreements')];
const DIGESTS = ['--digests', at('sample/digests'), '--trail-keys', at('sample/trail-keys.json')];
const LOGS = ['--logs', at('sample/logs'), ...DIGESTS];
const DAY = ['--from', '2026-03-02', '--to', '2026-03-03'];

let key: string;
let shown: string;

beforeAll(async () => {
  generateAuditSample({ directory: at('sample') });
  const { code, said } = await run(
    'audit',
    ...AGREEMENTS,
    ...LOGS,
    ...DAY,
    ...['--decisions', at('sample/decisions.jsonl'), '--out', at('pack'), '--parties', at('parties')],
  );
  expect(code).toBe(3);
  shown = said;
  key = /--key (\S+)/.exec(said)?.[1] ?? '';
});

it('says at the terminal what was found, and how to check it', () => {
  expect(shown).toMatch(/^3 of 226 accesses across the border were allowed by no clause and decision, and the logs/);
  expect(shown.match(/^Exception .*/gm)).toEqual([
    'Exception   breach: bypass, 2',
    'Exception   breach: unexplained, 1',
    'Exception   gap: broken-integrity, 1',
    'Exception   gap: coverage-gap, 1',
    'Exception   gap: logging-changed, 1',
    'Exception   gap: decrypt-without-read, 1',
    'Exception   notice: unused-decision, 1',
  ]);
});

it('says of a log file that is missing whether it is of the period, so that an intact trail is not said to miss one', async () => {
  const ofHours = async (from: string, to: string) => {
    const hours = ['--from', `2026-03-02T${from}Z`, '--to', `2026-03-0${to}Z`, '--out', at(`from-${from.slice(0, 2)}`)];
    const { said } = await run('audit', ...AGREEMENTS, ...LOGS, '--decisions', at('sample/decisions.jsonl'), ...hours);
    return /^Integrity +(.*)$/m.exec(said)?.[1];
  };
  const files = '24 of 24 digests and 23 of 23 log files believed';
  expect(await ofHours('00:00', '2T12:00')).toBe(`intact: ${files}; 1 named by digests of another time, and missing`);
  expect(await ofHours('12:00', '3T00:00')).toBe(`broken: ${files}; 1 named by digests, and missing`);
});

it('verifies the pack: every access is explained again, and what digests do not bear out is told in it', async () => {
  const { code, said } = await run('verify', at('pack'), '--key', key, ...LOGS);
  expect(code).toBe(0);
  expect(said).toMatch(/who each access was by, under which agreement, clause and decision was found again for 226/);
  expect(said).toMatch(/what is wrong with them, 1 finding, is told in the pack as broken-integrity/);
  expect(said).toMatch(/1 thing was not checked, named above\.$/);
});

it('verifies a party’s own pack, and says what needs the whole', async () => {
  const { code, said } = await run('verify', at('parties/telco-retail-2026/retail'), '--key', key);
  expect(code).toBe(0);
  expect(said).toMatch(/Checked: the decisions of [1-9]\d* accesses are those that held by the record/);
  expect(said).toMatch(/Not checked: who each access was by, and on which leg: that needs the ledger and the whole/);
});

it('makes the same report again from the record in the pack and the logs', async () => {
  const again = ['audit', ...AGREEMENTS, ...LOGS, ...DAY, '--record', at('pack/record')];
  const { produced } = JSON.parse(readFileSync(at('pack/report.json'), 'utf8')).header;
  await run(...again, '--as-of', produced, '--key', at('my.pem'), '--out', at('mine'));
  const [theirs, mine] = ['pack', 'mine'].map((pack) => (name: string) => readFileSync(join(at(pack), name), 'utf8'));
  const same = ['accesses.jsonl', 'exceptions.jsonl', 'accesses.csv', 'proofs.jsonl', 'inputs.sha256'];
  for (const name of [...same, 'report.json', 'processing-record.json', 'audit.html'])
    expect(mine!(name) === theirs!(name)).toBe(true);
  for (const name of readdirSync(at('pack/record')))
    expect(mine!(`record/${name}`) === theirs!(`record/${name}`)).toBe(true);
  const { code, said } = await run('verify', at('pack'), '--key', key, '--earlier', at('mine'));
  expect([code, said]).toEqual([0, expect.stringMatching(/decisions? on record in \S+mine were compared/)]);
  const partys = at('parties/telco-retail-2026/retail');
  await expect(run('verify', at('pack'), '--key', key, '--earlier', partys)).rejects.toThrow('there is no such folder');
  const own = await run('verify', partys, '--key', key, '--earlier', partys);
  expect([own.code, own.said]).toEqual([0, expect.stringMatching(/[1-9]\d* decisions on record in \S+retail were/)]);
  await expect(run('verify', partys, '--key', key, '--earlier', at('pack'))).rejects.toThrow(
    'it has no decisions.jsonl',
  );
});

it('tells what came late for the packs of before, and asks for all of them', async () => {
  const given = ['audit', ...AGREEMENTS, '--record', at('pack/record'), ...LOGS, '--key', at('my.pem')];
  const logs = at('sample/logs');
  const names = (readdirSync(logs, { recursive: true }) as string[]).filter((name) => name.endsWith('.gz')).toSorted();
  // Delivered when the report of the morning was made, and that of the afternoon was not.
  const late = names[9]!;
  const content = readFileSync(join(logs, late));
  rmSync(join(logs, late));
  const morning = ['--from', '2026-03-02T08:00Z', '--to', '2026-03-02T12:00Z', '--out', at('morning')];
  await run(...given, ...morning);
  writeFileSync(join(logs, late), content);
  const noon = await run(...given, '--earlier', at('morning'), '--to', '2026-03-02T16:00Z', '--out', at('noon'));
  expect(noon.said).toMatch(/^Came late {3}[1-9]\d* of a time of which a report was made before, 0 further records$/m);
  expect(noon.said).toMatch(/^Period {6}2026-03-02T12:00:00Z to 2026-03-02T16:00:00Z$/m);
  expect(readFileSync(at('noon/audit.html'), 'utf8')).toMatch(
    /Came late.*no report told of them, this one counts them/,
  );
  const own = /--key (\S+)/.exec(noon.said)?.[1] ?? '';
  const checked = await run('verify', at('noon'), '--key', own, '--earlier', at('morning'));
  expect([checked.code, checked.said]).toEqual([0, expect.stringMatching(/accesses that came late are not in/)]);
  const after = [...given, '--out', at('after')];
  await expect(run(...after, '--earlier', at('noon'))).rejects.toThrow('Name that, too');
  const early = [...after, '--earlier', at('morning'), '--from', '2026-03-02T10:00Z'];
  await expect(run(...early)).rejects.toThrow('it tells of the time until 2026-03-02T12:00:00Z');
  writeFileSync(at('morning/inputs.sha256'), '');
  await expect(run(...after, '--earlier', at('morning'))).rejects.toThrow('is not the one that its report was made of');
});

it('finds a log file that is gone or was changed since', async () => {
  const logs = at('sample/logs');
  const [file] = (readdirSync(logs, { recursive: true }) as string[]).filter((name) => name.endsWith('.gz')).toSorted();
  const path = join(logs, file!);
  const before = readFileSync(path);
  for (const change of [() => rmSync(path), () => writeFileSync(path, before.subarray(1))]) {
    change();
    const { code, said } = await run('verify', at('pack'), '--key', key, ...LOGS);
    expect([code, said.includes(`${file}: it is`)]).toEqual([3, true]);
    expect(said).toMatch(/do not rely on this pack\.$/);
  }
  writeFileSync(path, before);
});

it('refuses a folder in which there is nothing, and logs that tell of no time', async () => {
  mkdirSync(at('empty'));
  mkdirSync(at('notes'));
  writeFileSync(at('notes/readme.txt'), 'a note\n');
  const audit = (logs: string) => run('audit', ...AGREEMENTS, '--logs', at(logs), '--out', at('out'));
  await expect(audit('empty')).rejects.toThrow('there is no file in it, so that nothing can be audited');
  await expect(audit('notes')).rejects.toThrow('tells of a time, so that no period can be told');
});

it('leaves nothing where it was refused, and what lay there as it was', async () => {
  mkdirSync(at('nothing'), { recursive: true });
  const keys = ['--trail-keys', at('sample/trail-keys.json')];
  const logs = ['--logs', at('sample/logs')];
  const refused = [
    [...logs, '--digests', at('nothing'), ...keys],
    [...logs, '--digests', at('sample/digests')],
    [...logs, '--digests', at('sample/digests'), '--trail-keys', at('sample/decisions.jsonl')],
    ['--logs', at('nothing')],
    ['--logs', at('none-such')],
  ];
  const list = () => readdirSync(at('pack'), { recursive: true }).toSorted();
  const [before, record] = [list(), readFileSync(at('pack/record/inventory.json'), 'utf8')];
  for (const options of refused) {
    for (const out of ['left', 'pack'])
      await expect(run('audit', ...AGREEMENTS, ...options, '--out', at(out))).rejects.toThrow(/./);
    expect(existsSync(at('left'))).toBe(false);
    expect([list(), readFileSync(at('pack/record/inventory.json'), 'utf8')]).toEqual([before, record]);
  }
  const { code } = await run('verify', at('pack'), '--key', key);
  expect(code).toBe(0);
});

it('refuses digests of a folder that has none, and places where nothing can be written, or would be read', async () => {
  mkdirSync(at('no-digests'));
  writeFileSync(at('a-file'), 'a note\n');
  const audit = (...more: readonly string[]) => run('audit', ...AGREEMENTS, ...more);
  const sample = ['--logs', at('sample/logs')];
  const none = ['--digests', at('no-digests'), '--trail-keys', at('sample/trail-keys.json')];
  await expect(audit(...sample, ...none, '--out', at('out'))).rejects.toThrow('there is no digest in it');
  for (const option of ['--out', '--ledger', '--parties'])
    for (const name of ['a-file', 'a-file/below']) {
      const given = [...sample, '--out', at('out'), option, at(name)];
      await expect(audit(...given)).rejects.toThrow(`${option} ${at(name)}: ${at('a-file')} is a file`);
    }
  for (const name of ['sample/logs', 'sample/logs/out']) {
    const given = [...sample, '--out', at(name)];
    await expect(audit(...given)).rejects.toThrow(`--out ${at(name)}: it lies in what --logs names`);
  }
});

it('refuses what lies in the folder of the pack before it reads anything', async () => {
  const out = at('shared');
  const given = { agreements: 'none-such', logs: 'none-such', digests: 'none-such', ledger: 'shared/ledger' };
  const audit = (name: string, place: string) => {
    const places = Object.entries({ ...given, [name]: place });
    return run('audit', ...places.flatMap(([each, path]) => [`--${each}`, at(path)]), '--out', out);
  };
  const read = ['agreements', 'logs', 'digests', 'server-access-logs', 'transfer-logs'];
  const files = ['registry', 'certificates', 'decisions', 'inventory', 'trail-keys', 'key'];
  for (const name of [...read, ...files, 'ledger'])
    await expect(audit(name, 'shared/below')).rejects.toThrow(`--${name} ${at('shared/below')}: it lies in --out`);
  for (const name of ['agreements', 'ledger'])
    await expect(audit(name, 'shared')).rejects.toThrow(`--${name} ${out}: it lies in --out`);
  await expect(audit('ledger', 'shared/ledger')).rejects.toThrow('none-such');
  expect(existsSync(out)).toBe(false);
});
