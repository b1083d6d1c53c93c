import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
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
      JSON.stringify({ agreement: { id: 'swap' }, files: ['telco/inbox/usage/release.parquet', ROUND_RECORD] }),
    );
  };
  const deliver = (content: string) => {
    const folder = openRoundFolder(out(), 'swap');
    prepare(folder, content);
    folder.publish();
    folder.discard();
  };
  const released = () => readFileSync(join(out(), 'telco/inbox/usage/release.parquet'), 'utf8');

  it('shows nothing until it is published, and leaves nothing beside it afterwards', () => {
    const folder = openRoundFolder(out(), 'swap');
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

  it('refuses to replace a round of another agreement', () => {
    deliver('first');
    expect(() => openRoundFolder(out(), 'other')).toThrow('agreement swap');
    expect(released()).toBe('first');
  });

  it('takes an empty folder', () => {
    mkdirSync(out());
    deliver('first');
    expect(released()).toBe('first');
  });

  it('keeps the earlier round when the next is discarded', () => {
    deliver('first');
    const folder = openRoundFolder(out(), 'swap');
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
    expect(() => openRoundFolder(out(), 'swap')).toThrow(UnusableOutput);
    expect(() => openRoundFolder(out(), 'swap')).toThrow(foreign);
    expect(readFileSync(join(out(), foreign), 'utf8')).toBe('precious');
    expect(readdirSync(home)).toEqual(['out']);
  });

  it.each([['not json'], ['{"files":7}'], ['null']])('trusts no damaged record (%s)', (record) => {
    deliver('first');
    writeFileSync(join(out(), ROUND_RECORD), record);
    expect(() => openRoundFolder(out(), 'swap')).toThrow(UnusableOutput);
  });

  it('is one rehearsal’s at a time, and is taken over from a crashed one', () => {
    openRoundFolder(out(), 'swap');
    expect(() => openRoundFolder(out(), 'swap')).toThrow(`Process ${process.pid} is rehearsing`);
    // No process has this id: the kernel's limit is 2^22.
    writeFileSync(join(home, '.out.escrow/owner'), '99999999');
    deliver('first');
    expect(released()).toBe('first');
    expect(readdirSync(home)).toEqual(['out']);
  });

  it('is not locked by another process that has the number of a crashed one', () => {
    openRoundFolder(out(), 'swap');
    writeFileSync(join(home, '.out.escrow/owner'), `${process.pid} 1`);
    deliver('first');
    expect(released()).toBe('first');
  });

  it('keeps what somebody put into it while the round was prepared', () => {
    const folder = openRoundFolder(out(), 'swap');
    prepare(folder, 'first');
    mkdirSync(join(out(), 'keys'), { recursive: true });
    writeFileSync(join(out(), 'keys/telco.key'), 'precious');
    expect(() => folder.publish()).toThrow('keys/telco.key');
    folder.discard();
    expect(readFileSync(join(out(), 'keys/telco.key'), 'utf8')).toBe('precious');
  });

  it.each(['there', 'nowhere'])('refuses a symbolic link (to %s)', (to) => {
    mkdirSync(join(home, 'there'));
    symlinkSync(join(home, to), out());
    expect(() => openRoundFolder(out(), 'swap')).toThrow('symbolic link');
  });

  it('puts the earlier round back after a crash between the two renames', () => {
    deliver('first');
    renameSync(out(), join(home, '.out.previous'));
    openRoundFolder(out(), 'swap').discard();
    expect(released()).toBe('first');
    expect(readdirSync(home)).toEqual(['out']);
  });

  it('clears the earlier round that a crash after both renames left behind', () => {
    deliver('first');
    mkdirSync(join(home, '.out.previous'));
    openRoundFolder(out(), 'swap').discard();
    expect(readdirSync(home)).toEqual(['out']);
  });

  it('says that a path which is a file cannot be written', () => {
    writeFileSync(out(), 'a file');
    expect(() => openRoundFolder(out(), 'swap')).toThrow(UnusableOutput);
    expect(readFileSync(out(), 'utf8')).toBe('a file');
  });
});
