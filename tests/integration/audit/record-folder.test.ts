import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLineStore, readCertificateLines, UnusableRecord } from '../../../lib/audit/grounds/read-record-lines';
import { hashRecord, openRecordKeeper } from '../../../lib/audit/grounds/record-folder';
import type { RecordStore } from '../../../lib/domain/registry/record-store';

const RECORDS = {
  room: [{ sk: 'agreement#swap', revision: 1, record: {} }],
  'agreement#swap': [
    { sk: 'current', revision: 7, record: { state: 'active', a: 1 } },
    { sk: 'version#0000000001', revision: 1, record: { z: [1, { y: 2, x: 'ü\n' }] } },
    // Nobody can read it; it was there all the same.
    { sk: 'version#0000000002', revision: 2, record: undefined },
  ],
} as const;

const STORE: RecordStore = {
  read: async ({ pk, sk }) => of(pk).find((each) => each.sk === sk),
  list: async (pk, prefix) => of(pk).filter(({ sk }) => sk.startsWith(prefix)),
  create: async () => true,
  replace: async () => true,
};

function of(pk: string) {
  return Object.entries(RECORDS).find(([name]) => name === pk)?.[1] ?? [];
}

type Looks = readonly (readonly [kind: 'read' | 'list', pk: string, sk: string])[];

async function keep(looks: Looks): Promise<string> {
  const out = mkdtempSync(join(tmpdir(), 'barter-record-'));
  const keeper = openRecordKeeper(out);
  const store = keeper.keepStore(STORE);
  for (const [kind, pk, sk] of looks) await (kind === 'read' ? store.read({ pk, sk }) : store.list(pk, sk));
  const read = keeper.keepCertificates(async (file) => (file === 'gone' ? undefined : `{"of": "${file}"}\n`));
  for (const file of ['b', 'gone', 'a']) await read(file);
  await keeper.finish();
  return out;
}

const LOOKS: Looks = [
  ['list', 'room', 'agreement#'],
  ['read', 'agreement#swap', 'current'],
  ['list', 'agreement#swap', 'version#'],
  ['read', 'agreement#swap', 'version#0000000001'],
  ['read', 'agreement#swap', 'version#0000000001'],
  ['list', 'agreement#swap', 'version#'],
];

test('what was read is kept once, and is the same in whatever order it was read', async () => {
  const [one, other] = [await keep(LOOKS), await keep(LOOKS.toReversed())];
  expect(readdirSync(join(one, 'record'))).toEqual(['certificates.jsonl', 'registry.jsonl']);
  expect(hashRecord(one)).toEqual(hashRecord(other));
  const lines = readFileSync(join(one, 'record/registry.jsonl'), 'utf8').split('\n');
  expect(lines.map((line) => line.slice(0, 75))).toEqual([
    '{"pk":"agreement#swap","record":{"a":1,"state":"active"},"revision":7,"sk":',
    '{"pk":"agreement#swap","record":{"z":[1,{"x":"ü\\n","y":2}]},"revision":1,"s',
    '{"pk":"agreement#swap","revision":2,"sk":"version#0000000002"}',
    '{"pk":"room","record":{},"revision":1,"sk":"agreement#swap"}',
    '',
  ]);
});

test('it reads as what it was kept from', async () => {
  const out = await keep(LOOKS);
  const store = await openLineStore(join(out, 'record/registry.jsonl'));
  for (const [kind, pk, sk] of LOOKS)
    expect(await (kind === 'read' ? store.read({ pk, sk }) : store.list(pk, sk))).toEqual(
      await (kind === 'read' ? STORE.read({ pk, sk }) : STORE.list(pk, sk)),
    );
  expect(await store.list('agreement#other', '')).toEqual([]);
  expect([...(await readCertificateLines(join(out, 'record/certificates.jsonl')))]).toEqual([
    ['a', '{"of": "a"}\n'],
    ['b', '{"of": "b"}\n'],
  ]);
});

test('nothing is written to it', async () => {
  const store = await openLineStore(join(await keep(LOOKS), 'record/registry.jsonl'));
  const kept = openRecordKeeper(mkdtempSync(join(tmpdir(), 'barter-record-'))).keepStore(STORE);
  for (const each of [store, kept]) {
    await expect(each.create({ pk: 'a', sk: 'b' }, {})).rejects.toThrow();
    await expect(each.replace({ pk: 'a', sk: 'b' }, 1, {})).rejects.toThrow();
  }
});

test.each([['{'], ['[]'], ['{"pk":"a","sk":"b"}'], ['{"pk":"a","sk":1,"revision":1}']])(
  'a line that is no record is named: %s',
  async (line) => {
    const path = join(mkdtempSync(join(tmpdir(), 'barter-record-')), 'registry.jsonl');
    writeFileSync(path, `{"pk":"a","sk":"b","revision":1,"record":{}}\n${line}\n`);
    await expect(openLineStore(path)).rejects.toThrow(UnusableRecord);
    await expect(openLineStore(path)).rejects.toThrow(`${path}:2`);
  },
);

test('what another run kept there stays until this one has kept all of its own', async () => {
  const out = await keep(LOOKS);
  const before = hashRecord(out);
  const keeper = openRecordKeeper(out);
  expect(readdirSync(out)).toEqual(['record']);
  keeper.putValue('inventory.json', { room: 1 });
  expect(hashRecord(out)).toEqual(before);
  await keeper.finish();
  expect([readdirSync(out), readdirSync(join(out, 'record'))]).toEqual([['record'], ['inventory.json']]);
});
