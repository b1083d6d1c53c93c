import { once } from 'node:events';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { customersCsv, makeSmallSwap, REHEARSE, runBarter, startBarter } from './small-swap';

/** Receivers that hold their whole release: file and certificate. */
function fullInboxes(folder: string): readonly string[] {
  const holds = (party: string, dataset: string) =>
    ['release.parquet', 'certificate.json'].every((file) =>
      existsSync(join(folder, 'out', party, 'inbox', dataset, file)),
    );
  return [holds('north', 'orders') ? 'north' : '', holds('south', 'customers') ? 'south' : ''].filter(Boolean);
}

describe('a rehearsal that is stopped', () => {
  let folder: string;
  beforeEach(() => {
    folder = makeSmallSwap();
    // Enough rows that the run passes through every stage slowly enough to be hit there.
    const many = Array.from({ length: 50_000 }, (_, i) => `x${i},N,${20 + (i % 40)},Aston,2024-01-01,${i % 2 === 0}`);
    writeFileSync(join(folder, 'customers.csv'), `${customersCsv()}${many.join('\n')}\n`);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('by Ctrl-C ends with 130 and leaves nothing behind', async () => {
    const before = readdirSync(folder).sort();
    const run = startBarter(folder, ...REHEARSE);
    let stderr = '';
    run.stderr.on('data', (chunk) => {
      stderr += chunk;
      if (stderr.includes('cleaning')) {
        run.kill('SIGINT');
        run.kill('SIGINT');
      }
    });
    const [status] = await once(run, 'exit');
    expect(status).toBe(130);
    expect(stderr).toContain('Interrupted. Nothing was delivered.');
    expect(
      readdirSync(folder)
        .filter((name) => name !== '.barter')
        .sort(),
    ).toEqual(before);
  });

  it('by a crash at any moment leaves all inboxes full or none, and the next run is not in its way', async () => {
    const whole = performance.now();
    expect(runBarter(folder, ...REHEARSE).status).toBe(0);
    const duration = performance.now() - whole;
    rmSync(join(folder, 'out'), { recursive: true });
    const moments = 6;
    for (let i = 0; i < moments; i++) {
      const run = startBarter(folder, ...REHEARSE);
      // The last moments lie close together, around the delivery itself.
      await sleep(duration * (i < 2 ? (i + 1) / 4 : 0.8 + (i - 2) * 0.04));
      run.kill('SIGKILL');
      if (run.exitCode === null && run.signalCode === null) await once(run, 'exit');
      expect([0, 2]).toContain(fullInboxes(folder).length);
    }
    expect(runBarter(folder, ...REHEARSE).status).toBe(0);
    expect(readdirSync(folder).filter((name) => name.startsWith('.out'))).toEqual([]);
  }, 180_000);
});
