import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs, { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { openDrafts } from '../../../lib/audit/pack/draft-packs';
import { listPackFiles } from '../../../lib/audit/pack/sign-pack';
import { makeFolder } from './audit-trial';

/* How drafts take the places of the packs that lie there. */

const FILES = ['accesses.csv', 'record/registry.jsonl'];
const MEMBERS = ['a-2026/telco', 'a-2026/retail'];

const running: ChildProcess[] = [];
afterAll(() => running.forEach((each) => void each.kill()));

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function snapshot(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
  return Object.fromEntries(
    files.flatMap((file) =>
      statSync(join(folder, file)).isFile() ? [[file, readFileSync(join(folder, file), 'utf8')]] : [],
    ),
  );
}

function sign(pack: string, text: string): void {
  put(join(pack, 'manifest.json'), JSON.stringify({ files: listPackFiles(pack).map((file) => ({ file })) }));
  put(join(pack, 'manifest.sig'), text);
}

/** As an audit does. */
function writePacks(places: { out: string; parties: string }, text: string, more: readonly string[] = []): void {
  const drafts = openDrafts(places);
  try {
    const { out, parties = '' } = drafts.places;
    const own = MEMBERS.map((member) => join(parties, member));
    for (const folder of own) put(join(folder, 'accesses.csv'), text);
    for (const file of [...FILES, ...more]) put(join(out, file), text);
    for (const folder of [...own, out]) sign(folder, text);
    drafts.publish(own);
  } finally {
    drafts.close();
  }
}

function open(where: string) {
  const root = makeFolder();
  const out = join(root, 'out');
  return { root, places: { out, parties: join(root, where) } };
}

const WHERE = ['parties', 'out/parties', 'out/of/parties', 'out', 'out/record'];

describe.each(WHERE)('with the parties’ packs in %s', (where) => {
  it('only the packs that are written are replaced', () => {
    const { root, places } = open(where);
    writePacks(places, 'first', ['told.csv']);
    const strangers = where === 'out/record' ? [] : ['b-2026/telco/accesses.csv', 'a-2026/notes.txt', 'notes.txt'];
    for (const file of strangers) put(join(places.parties, file), 'kept');
    writePacks(places, 'second');
    const after = snapshot(root);
    expect(Object.values(after).filter((text) => text === 'first')).toEqual([]);
    for (const file of strangers) expect(readFileSync(join(places.parties, file), 'utf8')).toBe('kept');
    const members = MEMBERS.map((member) => join(places.parties, member, 'accesses.csv'));
    for (const file of [...members, ...FILES.map((each) => join(places.out, each))])
      expect(readFileSync(file, 'utf8')).toBe('second');
    expect(existsSync(join(places.out, 'told.csv'))).toBe(false);
    expect(Object.keys(after).filter((file) => file.includes('.work-'))).toEqual([]);
  });

  it('whichever move fails, all packs are as they were', () => {
    const { root, places } = open(where);
    writePacks(places, 'first', ['told.csv']);
    put(join(places.out, 'notes.txt'), 'kept');
    const before = snapshot(root);
    const rename = fs.renameSync;
    let failed = 0;
    for (let when = 1; ; when += 1) {
      let asked = 0;
      const renames = jest.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
        asked += 1;
        if (asked === when) throw new Error('EPERM: operation not permitted');
        rename(from, to);
      });
      try {
        writePacks(places, 'second');
      } catch (error) {
        expect(String(error)).toContain('EPERM');
        failed += 1;
        expect(snapshot(root)).toEqual(before);
        continue;
      } finally {
        renames.mockRestore();
      }
      break;
    }
    expect(failed).toBeGreaterThan(4);
    expect(snapshot(root)).not.toEqual(before);
  });
});

it('what a killed run left behind goes, and nothing of a run that goes on', () => {
  const { places } = open('parties');
  const gone = spawnSync(process.execPath, ['--eval', '']).pid;
  const left = [`.work-${gone}-abc`, `.work-${process.pid}-abc`, '.work-old'];
  for (const name of left) {
    mkdirSync(join(places.parties, name), { recursive: true });
    utimesSync(join(places.parties, name), new Date('2026-01-01'), new Date('2026-01-01'));
  }
  const alive = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)']);
  running.push(alive);
  mkdirSync(join(places.parties, `.work-${alive.pid}-abc`));
  const other = openDrafts({ ...places, out: `${places.out}-other` });
  writePacks(places, 'first');
  const mine = relative(places.parties, other.places.parties ?? '');
  const kept = readdirSync(places.parties).filter((name) => name.startsWith('.'));
  expect(kept.toSorted()).toEqual([mine, `.work-${alive.pid}-abc`].toSorted());
  other.close();
  expect(existsSync(join(places.parties, mine))).toBe(false);
});

it('folders that a run made and wrote nothing into go with it', () => {
  const { root, places } = open('parties');
  openDrafts(places).close();
  expect(readdirSync(root)).toEqual([]);
  mkdirSync(places.parties);
  openDrafts({ out: `${places.out}/`, parties: places.parties }).close();
  expect(readdirSync(root)).toEqual(['parties']);
});
