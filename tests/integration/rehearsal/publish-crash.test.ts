import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Stands for the power going out: nothing that follows it in this run happens. */
class Crash extends Error {}
let callsUntilCrash = Number.POSITIVE_INFINITY;
let crashesAfterEffect = false;

jest.mock('node:fs', () => {
  const real = jest.requireActual<typeof fs>('node:fs');
  const crashing =
    <A extends unknown[], R>(act: (...args: A) => R) =>
    (...args: A): R => {
      if (callsUntilCrash < 0) throw new Crash();
      callsUntilCrash -= 1;
      if (callsUntilCrash < 0 && !crashesAfterEffect) throw new Crash();
      const result = act(...args);
      if (callsUntilCrash < 0) throw new Crash();
      return result;
    };
  const { renameSync, rmSync, mkdirSync, writeFileSync } = real;
  // Flushing counts as a step but is not done: this process does not lose power, and disks are slow.
  const guarded = { renameSync, rmSync, mkdirSync, writeFileSync, fsyncSync: () => {} };
  return {
    ...real,
    ...Object.fromEntries(Object.entries(guarded).map(([name, act]) => [name, crashing(act as never)])),
  };
});

import { openRoundFolder, ROUND_RECORD } from '../../../lib/rehearsal/round-folder';

const FILES = ['north/inbox/orders/release.parquet', 'south/inbox/customers/release.parquet'];

describe('a crash at every step of a replacement', () => {
  let home: string;
  beforeEach(() => {
    callsUntilCrash = Number.POSITIVE_INFINITY;
    home = fs.mkdtempSync(join(tmpdir(), 'barter-crash-'));
  });
  afterEach(() => {
    callsUntilCrash = Number.POSITIVE_INFINITY;
    fs.rmSync(home, { recursive: true, force: true });
  });

  const out = () => join(home, 'out');
  const deliver = (content: string) => {
    const folder = openRoundFolder(out(), 'swap');
    for (const file of FILES) {
      fs.mkdirSync(join(folder.prepared, file, '..'), { recursive: true });
      fs.writeFileSync(join(folder.prepared, file), content);
    }
    fs.writeFileSync(
      join(folder.prepared, ROUND_RECORD),
      JSON.stringify({ agreement: { id: 'swap' }, files: [...FILES, ROUND_RECORD] }),
    );
    folder.publish();
    folder.discard();
  };
  const inboxes = () =>
    FILES.map((file) => (fs.existsSync(join(out(), file)) ? fs.readFileSync(join(out(), file), 'utf8') : 'none'));

  it.each([false, true])(
    'shows one whole round or none, and the next run puts things right (after its effect: %s)',
    (after) => {
      crashesAfterEffect = after;
      let crashes = 0;
      for (let step = 0; ; step++) {
        callsUntilCrash = Number.POSITIVE_INFINITY;
        fs.rmSync(home, { recursive: true, force: true });
        fs.mkdirSync(home);
        deliver('first');
        callsUntilCrash = step;
        let crashed = false;
        try {
          deliver('second');
        } catch {
          crashed = true;
        }
        callsUntilCrash = Number.POSITIVE_INFINITY;
        if (!crashed) break;
        crashes += 1;
        expect([
          ['first', 'first'],
          ['second', 'second'],
          ['none', 'none'],
        ]).toContainEqual(inboxes());
        // The process that crashed is gone; its id in the escrow is nobody's.
        const owner = join(home, '.out.escrow/owner');
        if (fs.existsSync(owner)) fs.writeFileSync(owner, '99999999');
        openRoundFolder(out(), 'swap').discard();
        expect([
          ['first', 'first'],
          ['second', 'second'],
        ]).toContainEqual(inboxes());
        deliver('third');
        expect(inboxes()).toEqual(['third', 'third']);
        expect(fs.readdirSync(home)).toEqual(['out']);
      }
      expect(crashes).toBeGreaterThan(15);
    },
  );
});
