import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRoundFolder, ROUND_RECORD, type RoundFolder, UnusableOutput } from '../../../lib/rehearsal/round-folder';

describe('a round folder', () => {
  let home: string;
  const out = () => join(home, 'out');
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'barter-round-'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const prepare = (folder: RoundFolder, content: string) => {
    mkdirSync(join(folder.prepared, 'telco/inbox/usage'), { recursive: true });
    writeFileSync(join(folder.prepared, 'telco/inbox/usage/release.parquet'), content);
    writeFileSync(
      join(folder.prepared, ROUND_RECORD),
      JSON.stringify({ files: ['telco/inbox/usage/release.parquet', ROUND_RECORD] }),
    );
  };
  const deliver = (content: string) => {
    const folder = openRoundFolder(out());
    prepare(folder, content);
    folder.publish();
    folder.discard();
  };
  const released = () => readFileSync(join(out(), 'telco/inbox/usage/release.parquet'), 'utf8');

  it('shows nothing until it is published, and leaves nothing beside it afterwards', () => {
    const folder = openRoundFolder(out());
    prepare(folder, 'first');
    expect(existsSync(out())).toBe(false);
    folder.publish();
    expect(released()).toBe('first');
    folder.discard();
    expect(readdirSync(home)).toEqual(['out']);
  });

  it('replaces an earlier round as a whole', () => {
    deliver('first');
    deliver('second');
    expect(released()).toBe('second');
    expect(readdirSync(home)).toEqual(['out']);
  });

  it('takes an empty folder', () => {
    mkdirSync(out());
    deliver('first');
    expect(released()).toBe('first');
  });

  it('keeps the earlier round when the next is discarded', () => {
    deliver('first');
    const folder = openRoundFolder(out());
    prepare(folder, 'second');
    folder.discard();
    expect(released()).toBe('first');
    expect(readdirSync(home)).toEqual(['out']);
  });

  it.each([
    ['a folder of somebody’s own', () => mkdirSync(out()), 'thesis.doc'],
    ['a file added to an earlier round', () => deliver('first'), 'telco/inbox/analysis.ipynb'],
  ])('refuses to replace %s, and touches nothing', (_, make, foreign) => {
    make();
    writeFileSync(join(out(), foreign), 'precious');
    expect(() => openRoundFolder(out())).toThrow(UnusableOutput);
    expect(() => openRoundFolder(out())).toThrow(foreign);
    expect(readFileSync(join(out(), foreign), 'utf8')).toBe('precious');
    expect(readdirSync(home)).toEqual(['out']);
  });

  it.each([['not json'], ['{"files":7}'], ['null']])('trusts no damaged record (%s)', (record) => {
    deliver('first');
    writeFileSync(join(out(), ROUND_RECORD), record);
    expect(() => openRoundFolder(out())).toThrow(UnusableOutput);
  });

  it('is one rehearsal’s at a time, and is taken over from a crashed one', () => {
    openRoundFolder(out());
    expect(() => openRoundFolder(out())).toThrow(`Process ${process.pid} is rehearsing`);
    // No process has this id: the kernel's limit is 2^22.
    writeFileSync(join(home, '.out.escrow/owner'), '99999999');
    deliver('first');
    expect(released()).toBe('first');
    expect(readdirSync(home)).toEqual(['out']);
  });

  it('puts the earlier round back after a crash between the two renames', () => {
    deliver('first');
    renameSync(out(), join(home, '.out.previous'));
    openRoundFolder(out()).discard();
    expect(released()).toBe('first');
    expect(readdirSync(home)).toEqual(['out']);
  });

  it('clears the earlier round that a crash after both renames left behind', () => {
    deliver('first');
    mkdirSync(join(home, '.out.previous'));
    openRoundFolder(out()).discard();
    expect(readdirSync(home)).toEqual(['out']);
  });

  it('says that a path which is a file cannot be written', () => {
    writeFileSync(out(), 'a file');
    expect(() => openRoundFolder(out())).toThrow(UnusableOutput);
    expect(readFileSync(out(), 'utf8')).toBe('a file');
  });
});
