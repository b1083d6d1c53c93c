import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadRoom } from '../../../lib/cli/read/load-room';
import { DPV_PURPOSES } from '../../../lib/domain/agreement/schema/dpv-purposes';

const EXAMPLE = join(__dirname, '../../../examples/telco-retail');
const TEXT = readFileSync(join(EXAMPLE, 'agreement.yaml'), 'utf8');
const PURPOSES = DPV_PURPOSES.slice(0, 24);
let home: string;
const inFolder = (name: string) => join(home, 'agreements', name);

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'load-room-'));
  mkdirSync(join(home, 'agreements'));
  writeFileSync(join(home, 'room.yaml'), '# The room\nagreements: agreements\nsftp: { endpoint: public }\n');
  writeFileSync(inFolder('a.yaml'), TEXT);
  copyFileSync(join(EXAMPLE, 'segment.csv'), inFolder('segment.csv'));
});
afterEach(() => rmSync(home, { recursive: true }));

function load() {
  const loaded = loadRoom(join(home, 'room.yaml'));
  return {
    kind: loaded.kind,
    agreements: loaded.kind === 'valid' ? loaded.agreements.map(({ agreement }) => agreement) : [],
    found: (loaded.kind === 'valid' ? loaded.warnings : loaded.findings).map(
      ({ file, line, severity, problem }) => `${file.replace(`${home}/`, '')}:${line} ${severity}: ${problem}`,
    ),
  };
}

const WARNED = expect.stringMatching(/^agreements\/b\.YML:\d+ warning: .*telco-retail-2026/);

test('every agreement of the folder is loaded, by file name; other files are left alone', () => {
  writeFileSync(inFolder('b.YML'), TEXT.replace('agreement: telco-retail-2026', 'agreement: another-2026'));
  writeFileSync(inFolder('notes.yaml'), 'notes: about the agreement\n');
  writeFileSync(inFolder('c.yaml.bak'), TEXT);
  const { found, ...loaded } = load();
  expect(loaded).toEqual({ kind: 'valid', agreements: ['telco-retail-2026', 'another-2026'] });
  // Each of the two gives the other the same people by both, and shows the same of them.
  expect(found).toEqual([WARNED, WARNED]);
});

test('mistakes of all agreements are listed, and none is loaded', () => {
  const wrong = (control: string) => TEXT.replace('control: privacy.k', `control: ${control}`);
  writeFileSync(inFolder('a.yaml'), wrong('privacy.kk'));
  writeFileSync(inFolder('b.yaml'), wrong('privacy.q').replace('telco-retail-2026', 'another-2026'));
  const { kind, found } = load();
  expect(kind).toBe('invalid');
  expect(found).toEqual([
    expect.stringMatching(/^agreements\/a\.yaml:\d+ error: .*privacy\.kk/),
    expect.stringMatching(/^agreements\/b\.yaml:\d+ error: .*privacy\.q/),
  ]);
});

test('an agreement that is no YAML is not overlooked', () => {
  writeFileSync(inFolder('b.yaml'), 'agreement: another-2026\nparties: {\n');
  expect(load()).toMatchObject({ kind: 'invalid', found: [expect.stringMatching(/^agreements\/b\.yaml:\d+ error/)] });
});

test('the same agreement twice is refused', () => {
  writeFileSync(inFolder('b.yaml'), TEXT);
  const first = join(home, 'agreements/a.yaml');
  expect(load()).toMatchObject({
    kind: 'invalid',
    found: [`agreements/b.yaml:1 error: the agreement \`telco-retail-2026\` is also in ${first}`],
  });
});

const versionTwo = (text: string) => text.replace(/^version: 1$/m, 'version: 2');

test('a later version beside the one in force waits for signatures: nothing is drawn from it', () => {
  writeFileSync(inFolder('0-next.yaml'), versionTwo(TEXT).replace('"111122223333"', '"777788889999"'));
  const loaded = loadRoom(join(home, 'room.yaml'));
  if (loaded.kind === 'invalid') throw new Error(JSON.stringify(loaded.findings));
  const show = ({ version, parties }: (typeof loaded.agreements)[number]) => [version, parties.telco?.account];
  expect(loaded.agreements.map(show)).toEqual([[1, '111122223333']]);
  expect(loaded.proposed.map(show)).toEqual([[2, '777788889999']]);
});

test('a version that waits has to fit the room too', () => {
  writeFileSync(inFolder('b.yaml'), versionTwo(TEXT).replace('"111122223333"', '"999900001111"'));
  writeFileSync(
    join(home, 'room.yaml'),
    'agreements: agreements\naccount: "999900001111"\nsftp: { endpoint: public }\n',
  );
  expect(load()).toMatchObject({
    kind: 'invalid',
    found: ['room.yaml:2 error: this is the account of `telco` in telco-retail-2026'],
  });
});

test('a third version is refused', () => {
  writeFileSync(inFolder('b.yaml'), versionTwo(TEXT));
  writeFileSync(inFolder('c.yaml'), versionTwo(TEXT).replace('version: 2', 'version: 3'));
  expect(load()).toMatchObject({
    kind: 'invalid',
    found: [
      expect.stringMatching(/^agreements\/c\.yaml:1 error: the agreement `telco-retail-2026` is also in .*b\.yaml$/),
    ],
  });
});

test('a symbolic link out of the folder is refused', () => {
  symlinkSync(join(EXAMPLE, 'agreement.yaml'), inFolder('b.yaml'));
  expect(load()).toMatchObject({
    kind: 'invalid',
    found: ['agreements/b.yaml:1 error: this leads out of its folder'],
  });
});

test('an empty folder is a warning, none at all an error, both at the line that names it', () => {
  rmSync(inFolder('a.yaml'));
  const folder = join(home, 'agreements');
  expect(load()).toEqual({
    kind: 'valid',
    agreements: [],
    found: [`room.yaml:2 warning: the folder \`${folder}\` holds no agreement`],
  });
  rmSync(folder, { recursive: true });
  expect(load()).toMatchObject({ kind: 'invalid', found: [`room.yaml:2 error: there is no folder \`${folder}\``] });
  writeFileSync(folder, '');
  expect(load()).toMatchObject({ kind: 'invalid', found: [`room.yaml:2 error: there is no folder \`${folder}\``] });
});

test('no room.yaml, or one with a mistake, is a finding', () => {
  writeFileSync(join(home, 'room.yaml'), 'agreements: agreements\nregion: Frankfurt\n');
  expect(load()).toMatchObject({ kind: 'invalid', found: [expect.stringContaining('room.yaml:2 error')] });
  rmSync(join(home, 'room.yaml'));
  expect(load()).toMatchObject({ kind: 'invalid', found: ['room.yaml:1 error: there is no such file'] });
});

const ROOM = 'agreements: agreements\n';
const SFTP = 'sftp: { endpoint: public }\n';

// telco has the account 111122223333; it gives its leg by SFTP.
test.each([
  ['topology: { peer: telco }\naccount: "111122223333"\n', SFTP],
  ['topology: { peer: retail }\naccount: "444455556666"\n', ''],
  ['operatorParty: telco\naccount: "111122223333"\n', SFTP],
  ['account: "999900001111"\n', SFTP],
])('the room and its agreements agree: %j', (sides, sftp) => {
  writeFileSync(join(home, 'room.yaml'), `${ROOM}${sides}${sftp}`);
  expect(load()).toMatchObject({ kind: 'valid', found: [] });
});

test.each([
  ['topology: { peer: telko }\n', SFTP, /^room\.yaml:2 error: `telko` is no party of telco-retail-2026$/],
  ['operatorParty: telko\n', SFTP, /^room\.yaml:2 error: `telko` is no party of telco-retail-2026$/],
  [
    'topology: { peer: telco }\naccount: "999900001111"\n',
    SFTP,
    /^agreements\/a\.yaml:\d+ error: `telco` has this account here, and the room .* has 999900001111$/,
  ],
  ['account: "111122223333"\n', SFTP, /^room\.yaml:2 error: this is the account of `telco` in telco-retail-2026$/],
  ['sftp: off\n', '', /^agreements\/a\.yaml:\d+ error: the room has no SFTP server$/],
  ['warehouses: [telco-retail-2026/a-b-usage]\n', SFTP, /^room\.yaml:2 error: .* is no leg to a warehouse$/],
])('the room and its agreements contradict each other: %j', (sides, sftp, found) => {
  writeFileSync(join(home, 'room.yaml'), `${ROOM}${sides}${sftp}`);
  expect(load()).toMatchObject({ kind: 'invalid', found: [expect.stringMatching(found)] });
});

describe('the room that the parties sign', () => {
  const SIGNED = 'room: { topology: hosted, account: "999900001111", region: eu-central-1, operator: Neutral Ltd }';
  const sign = (room: string) => writeFileSync(inFolder('a.yaml'), TEXT.replace(/^term:/m, `${room}\nterm:`));
  const HERE = `${ROOM}${SFTP}account: "999900001111"\nregion: eu-central-1\n`;

  test('is this one', () => {
    sign(SIGNED);
    writeFileSync(join(home, 'room.yaml'), HERE);
    expect(load()).toMatchObject({ kind: 'valid', found: [] });
    sign('room: { topology: hosted, operator: telco }');
    writeFileSync(join(home, 'room.yaml'), `${ROOM}${SFTP}operatorParty: telco\n`);
    expect(load()).toMatchObject({ kind: 'valid', found: [] });
    sign('room: { topology: peer }');
    writeFileSync(join(home, 'room.yaml'), `${ROOM}${SFTP}topology: { peer: telco }\n`);
    expect(load()).toMatchObject({ kind: 'valid', found: [] });
  });

  test.each([
    [
      SIGNED,
      HERE.replace('999900001111', '999900002222'),
      "`999900001111` here, and the room's file has `999900002222`",
    ],
    [SIGNED, HERE.replace('eu-central-1', 'us-east-1'), "`eu-central-1` here, and the room's file has `us-east-1`"],
    [SIGNED, `${ROOM}${SFTP}account: "999900001111"\n`, "`eu-central-1` here, and the room's file leaves it open"],
    ['room: { topology: peer }', HERE, "`peer` here, and the room's file has `hosted`"],
    ['room: { topology: hosted, operator: telco }', HERE, "`telco` here, and the room's file leaves it open"],
    [
      'room: { topology: hosted, operator: Neutral Ltd }',
      `${ROOM}${SFTP}operatorParty: telco\n`,
      "`Neutral Ltd` here, and the room's file has `telco`",
    ],
  ])('is not another: %s', (signed, here, problem) => {
    sign(signed);
    writeFileSync(join(home, 'room.yaml'), here);
    expect(load()).toMatchObject({ kind: 'invalid', found: [expect.stringContaining(`the parties sign ${problem}`)] });
    expect(load()).toMatchObject({ found: [expect.stringMatching(/^agreements\/a\.yaml:\d+ error/)] });
  });

  test('has no account of all where each party has its own', () => {
    sign('room: { topology: peer, account: "999900001111" }');
    writeFileSync(join(home, 'room.yaml'), `${ROOM}${SFTP}topology: { peer: telco }\n`);
    expect(load()).toMatchObject({
      kind: 'invalid',
      found: [expect.stringContaining('each party has a room, and no `account` is that of all')],
    });
  });
});

test('a party that hosts may host the barters of others too; a room of its own is for its own', () => {
  const others = TEXT.replace('telco-retail-2026', 'another-2026').replaceAll(/\btelco\b/g, 'rail');
  writeFileSync(inFolder('b.yaml'), others.replace('"111122223333"', '"777788889999"'));
  writeFileSync(join(home, 'room.yaml'), `${ROOM}${SFTP}operatorParty: telco\n`);
  expect(load()).toMatchObject({ kind: 'valid', found: [] });
  writeFileSync(join(home, 'room.yaml'), `${ROOM}${SFTP}topology: { peer: telco }\n`);
  expect(load()).toMatchObject({ kind: 'invalid', found: ['room.yaml:3 error: `telco` is no party of another-2026'] });
});

describe('what the services of a room cannot hold is an error at its line', () => {
  test.each<[string, (text: string) => string, RegExp]>([
    [
      'a column that SQL takes for the round',
      (text) => text.replaceAll(/\bminutes\b/g, 'Round'),
      /a\.yaml:\d+ error: a room keeps the round of every row in a column `round`$/,
    ],
    [
      'a name too long in bytes',
      (text) => text.replace(/^( +)email:/m, `$1${'分'.repeat(100)}: { type: string, role: plain }\n$1email:`),
      /a\.yaml:\d+ error: the name has 300 bytes in UTF-8, and the data catalogue takes 255$/,
    ],
    [
      'a folder around the inboxes',
      (text) => text.replaceAll(/\bpurchases\b/g, 'inbox'),
      /a\.yaml:\d+ error: `\/inbox` is where a party finds by SFTP what it receives$/,
    ],
    [
      'purposes that make one tag too long',
      (text) => text.replace(/purposes: \[[^\]]*\]/, `purposes: [${PURPOSES.join(', ')}]`),
      /a\.yaml:\d+ error: the purposes have \d+ characters together, and an LF-Tag takes 256$/,
    ],
  ])('%s', (_, change, expected) => {
    const text = change(TEXT);
    expect(text).not.toBe(TEXT);
    writeFileSync(inFolder('a.yaml'), text);
    const { kind, found } = load();
    expect(kind).toBe('invalid');
    expect(found).toEqual([expect.stringMatching(expected)]);
  });
});

test('a party has the same account in every agreement', () => {
  writeFileSync(inFolder('b.yaml'), TEXT.replace('telco-retail-2026', 'another-2026').replace('"1111', '"9999'));
  expect(load()).toMatchObject({
    kind: 'invalid',
    found: [
      expect.stringMatching(
        /^agreements\/b\.yaml:\d+ error: `telco` has another account here than in telco-retail-2026$/,
      ),
    ],
  });
});

test('logs that are gone before all is settled are warned of, with how long they would have to be kept', () => {
  writeFileSync(
    join(home, 'room.yaml'),
    'agreements: agreements\nsftp: { endpoint: public }\nretention: { logs: P90D }\n',
  );
  expect(load()).toMatchObject({
    kind: 'valid',
    found: [expect.stringMatching(/^room\.yaml:3 warning: telco-retail-2026 takes 395 days .* kept for 90$/)],
  });
});
