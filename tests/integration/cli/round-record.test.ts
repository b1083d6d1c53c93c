import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { recordRound } from '../../../lib/cli/round-record';
import { registerAgreement } from '../../../lib/domain/enforcement/registration/register-agreement';
import { signVersion } from '../../../lib/domain/enforcement/registration/sign-version';
import type { RoundOutcome } from '../../../lib/domain/exchange/rounds/round';
import { settleLevels } from '../../../lib/domain/privacy/hierarchies/fixed-levels';
import type { RecordStore } from '../../../lib/domain/registry/record-store';
import { openRegistry, type Registry } from '../../../lib/domain/registry/registry';
import { releasePath } from '../../../lib/rehearsal/rehearse-round';
import { breakStore, Crash } from '../../fixtures/break-store';
import { openMemoryStore } from '../../fixtures/memory-store';
import { TELCO_RETAIL_PLAN as PLAN } from '../../fixtures/plan';
import { believe, EARLY, signatureOf, versionOf } from '../../fixtures/registered';
import { deliverRound } from '../../fixtures/round-outcome';
import { sha256 } from '../../unit/audit/sha256';

const NOW = `${PLAN.term.starts}T09:00:00.000Z`;
const ID = PLAN.agreement.id;
const KEY_ID = 'a'.repeat(32);

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'round-record-'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

const contentOf = (leg: string, round: string) => `what ${leg} gets in ${round}`;

function outcomeOf(round: string): RoundOutcome {
  const outcome = deliverRound(PLAN);
  return {
    ...outcome,
    legs: outcome.legs.map((each) => {
      const output = createHash('sha256').update(contentOf(each.leg.id, round)).digest('hex');
      const { certificate } = each;
      return {
        ...each,
        ...(certificate && { certificate: { ...certificate, hashes: { ...certificate.hashes, output } } }),
      };
    }),
  };
}

const settleAt = (level: number) =>
  new Map(
    PLAN.datasets.flatMap((dataset) =>
      dataset.privacy === undefined
        ? []
        : [
            [
              dataset.id,
              settleLevels(
                dataset,
                {
                  levels: dataset.classColumns.map(() => level),
                  search: { mode: 'full-domain', metric: 'loss', cost: 0 },
                },
                sha256,
              ),
            ] as const,
          ],
    ),
  );

const SETTLED = settleAt(1);

async function openSigned(): Promise<RecordStore> {
  const { store } = openMemoryStore();
  const registry = openRegistry(store);
  await registerAgreement(registry, versionOf(PLAN), EARLY);
  for (const { id } of PLAN.parties) await signVersion(registry, signatureOf(PLAN, id), believe);
  return store;
}

/** As a rehearsal does it, with files that say what they are. */
async function rehearse(registry: Registry): Promise<void> {
  const recording = await recordRound({ registry, plan: PLAN, keyIdOf: () => KEY_ID, out, now: NOW });
  if (recording.kind === 'trial') throw new Error(recording.why);
  const { days, book } = recording;
  const outcome = outcomeOf(days[0]!);
  await book.prepare(outcome, SETTLED);
  for (const { leg } of outcome.legs) {
    const file = join(out, releasePath(leg));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contentOf(leg.id, days[0]!));
  }
  await book.complete();
}

async function look(registry: Registry) {
  return {
    rounds: (await registry.rounds(ID).list()).map(({ day, state }) => `${day} ${state}`),
    releases: (await registry.releases(ID).list()).map(({ leg, round, state, sha256: hash }) => [
      leg,
      round,
      state,
      hash,
    ]),
    levels: (await registry.levels(ID).list()).map(({ dataset, levels }) => [dataset, levels]),
  };
}

/** What is out is out, and the next round takes nothing yet. */
function tooEarly(error: unknown): undefined {
  expect(error).toMatchObject({
    message: expect.stringMatching(/round of 2026-01-08 takes deliveries from 2026-01-04 12:00 UTC on/),
  });
}

test('a rehearsal that breaks off at any call of the record is as if it had not, or as if it had not broken off', async () => {
  const whole = await openSigned();
  const { broken: counting, count } = breakStore(whole, Number.POSITIVE_INFINITY, 'after');
  await rehearse(openRegistry(counting));
  const expected = await look(openRegistry(whole));
  expect(expected.rounds).toEqual([`${PLAN.term.starts} published`]);
  let points = 0;
  for (const when of ['before', 'after'] as const)
    for (let at = 1; at <= count(); at += 1) {
      points += 1;
      rmSync(out, { recursive: true });
      const store = await openSigned();
      await expect(rehearse(openRegistry(breakStore(store, at, when).broken))).rejects.toThrow(Crash);
      const registry = openRegistry(store);
      // Whoever looks next finds what is out on record; what is not is rehearsed again.
      const next = await recordRound({ registry, plan: PLAN, keyIdOf: () => KEY_ID, out, now: NOW }).catch(tooEarly);
      if (next?.kind === 'round' && next.days[0] === PLAN.term.starts) await rehearse(registry);
      expect({ when, at, ...(await look(registry)) }).toEqual({ when, at, ...expected });
    }
  console.info(`${points} fault points at ${count()} calls`);
});

test('levels bind from when something was released at them', async () => {
  const store = await openSigned();
  const registry = openRegistry(store);
  const [first] = PLAN.datasets;
  const open = async (now = NOW) => {
    const recording = await recordRound({ registry, plan: PLAN, keyIdOf: () => KEY_ID, out, now });
    if (recording.kind === 'trial') throw new Error(recording.why);
    return recording.book;
  };
  await (await open()).prepare(outcomeOf(PLAN.term.starts), SETTLED);
  expect((await open()).levelsOf(first!)).toBeUndefined();
  await rehearse(registry);
  expect((await open('2026-01-05T00:00:00.000Z')).levelsOf(first!)).toMatchObject({ mode: 'full-domain' });
});

describe('of two rehearsals at once', () => {
  const open = async (registry: Registry, folder: string, at = NOW) => {
    const recording = await recordRound({
      registry,
      plan: PLAN,
      keyIdOf: () => KEY_ID,
      out: join(out, folder),
      now: at,
    });
    if (recording.kind === 'trial') throw new Error(recording.why);
    return recording.book;
  };
  const outcome = outcomeOf(PLAN.term.starts);

  test.each([
    { kind: 'where nothing stood', before: false },
    { kind: 'where one had broken off', before: true },
  ])('the later does not overwrite levels or releases of the other, $kind', async ({ before }) => {
    const registry = openRegistry(await openSigned());
    if (before) await (await open(registry, 'broken')).prepare(outcome, settleAt(2));
    const [one, other, third] = [
      await open(registry, 'one', `${PLAN.term.starts}T09:00:01.000Z`),
      await open(registry, 'other', `${PLAN.term.starts}T09:00:02.000Z`),
      await open(registry, 'third', `${PLAN.term.starts}T09:00:03.000Z`),
    ];
    await one.prepare(outcome, SETTLED);
    const settled = await registry.levels(ID).list();
    const prepared = await registry.releases(ID).list();
    await expect(other.prepare(outcome, settleAt(0))).rejects.toThrow('Another rehearsal settled the levels');
    await expect(third.prepare(outcome, SETTLED)).rejects.toThrow('recorded by another rehearsal meanwhile');
    expect(await registry.levels(ID).list()).toEqual(settled);
    expect(await registry.releases(ID).list()).toEqual(prepared);
    expect(prepared.every(({ place }) => place.startsWith(join(out, 'one')))).toBe(true);
  });
});

test('a round that is withheld at a gate is a failed release of that dataset, once, until it is delivered; an unfair one is none', async () => {
  const registry = openRegistry(await openSigned());
  const recording = await recordRound({ registry, plan: PLAN, keyIdOf: () => KEY_ID, out, now: NOW });
  if (recording.kind === 'trial') throw new Error(recording.why);
  const [first, ...others] = outcomeOf(recording.days[0]!).legs;
  const failing = (gate: 'privacy' | 'fairness'): RoundOutcome => ({
    kind: 'withheld',
    legs: [{ ...first!, gates: [{ gate, passed: false, finding: 'x' }] }, ...others],
    balance: [],
  });
  await recording.book.withhold(failing('fairness'));
  expect(await registry.breaches(ID).list()).toEqual([]);
  for (let times = 0; times < 2; times += 1) await recording.book.withhold(failing('privacy'));
  const { from: party, id: leg } = first!.leg;
  const breach = { kind: 'failed-release', party, leg, round: recording.days[0], since: NOW };
  expect(await registry.breaches(ID).list()).toMatchObject([breach]);
  await rehearse(registry);
  expect(await registry.breaches(ID).list()).toMatchObject([{ ...breach, resolvedAt: NOW }]);
});
