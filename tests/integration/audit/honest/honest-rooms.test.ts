import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { reportTried } from '../../../unit/audit/mutations';
import { runAuditCommand } from '../../cli/run-audit-command';
import { makeFolder } from '../audit-trial';
import { auditSeries, type MadePack, type SeriesPack } from './audit-series';
import { drawForgeries, FORGERIES } from './forgeries';
import { type Forgery, readAccesses, readExceptions, redraw } from './redraw-pack';

/* Whatever happens in a room, and however late, twice or otherwise it is told: honest reports verify, and forged ones do not. */

/** How many rooms besides. */
const MORE = Number(process.env.HONEST_ROOMS ?? 0);
const ROOMS = [...[1, 2, 3, 4, 108], ...Array.from({ length: MORE }, (_, at) => 1000 + at)];

/** All that there is to verify a pack with. */
const listGrounds = ({ ledger, logs, earlier }: SeriesPack) => [
  ...['--ledger', ledger],
  ...logs,
  ...(earlier.length > 0 ? ['--earlier', ...earlier.map(({ folder }) => folder)] : []),
];

function ownEarlier({ earlier }: SeriesPack, party: string): readonly string[] {
  const own = earlier.flatMap(({ parties }) => parties.filter(({ name }) => name === party));
  return own.length > 0 ? ['--earlier', ...own.map(({ folder }) => folder)] : [];
}

/** Each way by which somebody may verify: with the pack alone, or with all that there is; parties theirs; old ones again. */
function* listChecks({ pack, before }: MadePack): Generator<readonly string[]> {
  yield [pack.folder];
  yield [pack.folder, ...listGrounds(pack)];
  for (const { name, folder } of pack.parties) {
    const earlier = ownEarlier(pack, name);
    yield [folder, ...earlier];
    yield [folder, '--ledger', pack.ledger, ...pack.logs, ...earlier];
  }
  for (const old of before) yield [old.folder, '--ledger', pack.ledger, ...old.logs];
}

const counts = { packs: 0, verified: 0, late: 0, entered: 0, conflicts: 0, breaches: 0 };

async function checkHonest(seed: number, made: MadePack): Promise<void> {
  for (const args of listChecks(made)) {
    const { code, said } = await runAuditCommand('verify', ...args, '--key', made.key);
    const findings = said.split('\n').filter((line) => !/^(Not c|C)hecked/.test(line));
    expect({ seed, args, code, findings: code === 0 ? [] : findings }).toEqual({ seed, args, code: 0, findings: [] });
    counts.verified += 1;
  }
  const { folder } = made.pack;
  counts.packs += 1;
  counts.late += readAccesses(folder).filter(({ late }) => late !== undefined).length;
  counts.entered += readAccesses(folder).filter(({ evidence }) => evidence[0]?.file === 'ledger').length;
  const exceptions = readExceptions(folder);
  counts.conflicts += exceptions.filter(({ kind }) => kind === 'conflicting-record').length;
  counts.breaches += exceptions.filter(({ severity }) => severity === 'breach').length;
}

const tried = new Map<string, number>();

async function checkForged(seed: number, { pack, key, signer, draw }: MadePack): Promise<void> {
  const folder = join(makeFolder(), 'forged');
  const verifyForged = async (forgery: Forgery) => {
    cpSync(pack.folder, folder, { recursive: true });
    await redraw(folder, signer, forgery);
    const { code } = await runAuditCommand('verify', folder, ...listGrounds(pack), '--key', key);
    rmSync(folder, { recursive: true });
    return code;
  };
  // What is drawn again of the same is the same.
  expect({ seed, code: await verifyForged({}) }).toEqual({ seed, code: 0 });
  for (const [what, forgery] of drawForgeries(pack, draw)) {
    expect({ seed, pack: pack.folder, what, code: await verifyForged(forgery) }).toMatchObject({ what, code: 3 });
    tried.set(what, (tried.get(what) ?? 0) + 1);
  }
}

const checkRoom = (seed: number) =>
  auditSeries(seed, async (made) => {
    await checkHonest(seed, made);
    await checkForged(seed, made);
  });

it(
  'honest packs of any room verify in each way, and no forged one does',
  async () => {
    for (const seed of ROOMS) await checkRoom(seed);
    for (const [what, least] of Object.entries({
      packs: 8,
      verified: 40,
      late: 8,
      entered: 5,
      conflicts: 3,
      breaches: 50,
    }))
      expect([what, counts[what as keyof typeof counts] >= least]).toEqual([what, true]);
    // Each kind of forgery was there to be found.
    expect([...tried.keys()].toSorted()).toEqual(FORGERIES.toSorted());
    for (const [what, number] of tried) reportTried(what, number);
  },
  240_000 + MORE * 60_000,
);
