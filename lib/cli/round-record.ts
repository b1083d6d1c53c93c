import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { sha256 } from '../audit/node-crypto';
import type { Plan, PlannedLeg } from '../domain/agreement/plan';
import { recordBreach } from '../domain/enforcement/record-breach';
import { chooseRounds } from '../domain/exchange/choose-rounds';
import { describeTooEarly } from '../domain/exchange/describe-too-early';
import { listFailedDatasets, listMendedReleases, reportFailedRelease } from '../domain/exchange/judge-failed-release';
import { listRounds } from '../domain/exchange/list-rounds';
import type { LegOutcome } from '../domain/exchange/round';
import type { RoundsGiven } from '../domain/exchange/stand-releases';
import { hashCertificate } from '../domain/exchange/verify-release';
import { mayStand } from '../domain/privacy/fixed-levels';
import type { AgreementOnRecord } from '../domain/registry/read-conduct';
import { readOthers } from '../domain/registry/read-others';
import type { Registry } from '../domain/registry/registry';
import type { ReleaseRecord } from '../domain/registry/round-records';
import { hashFile } from '../engine/intake/hash-file';
import type { RoundRecordBook } from '../rehearsal/rehearsal';
import { releasePath } from '../rehearsal/rehearse-round';
import { readOnRecord } from './embedded-registry';
import { InvalidInput } from './exit-code';

interface RecordedRound {
  readonly registry: Registry;
  readonly plan: Plan;
  /** The folder of the round. */
  readonly out: string;
  /** The round that was asked for; default: the one that is due. */
  readonly day?: string;
  readonly now: string;
}

/** What a rehearsal is to the record: a round of it, or a trial that leaves no trace there. */
export type RoundRecording =
  | {
      readonly kind: 'round';
      readonly days: readonly string[];
      /** Those of its legs: others are due on other days. */
      readonly legs: readonly string[];
      readonly book: RoundRecordBook;
    }
  | { readonly kind: 'trial'; readonly why: string };

/**
 * Opens the record for a round of an agreement that is in force.
 * @throws InvalidInput where there is no such round, or it has its releases.
 */
export async function recordRound({ registry, plan, out, day, now }: RecordedRound): Promise<RoundRecording> {
  const { id, content } = plan.agreement;
  if ((await registry.current(id).read()) === undefined)
    return { kind: 'trial', why: 'nobody has signed the agreement' };
  const on = await readOnRecord(registry, id, now);
  if (on.plan.agreement.content !== content) return { kind: 'trial', why: 'this version is not the one in force' };
  if (on.conduct.state !== 'active') return { kind: 'trial', why: `the agreement is ${on.conduct.state}` };
  const days = chooseDays(plan, on, await settleRounds(registry, on, now), day, now);
  const releases = await registry.releases(id).list();
  const levels = await registry.levels(id).list();
  const intact = await listIntact(releases);
  const placeOf = (leg: PlannedLeg) => join(resolve(out), releasePath(leg));
  const book: RoundRecordBook = {
    others: await readOthers(registry, id),
    levelsOf: ({ id: dataset, version }) =>
      isOut(releases, dataset, version)
        ? levels.find((each) => each.dataset === dataset && each.version === version)
        : undefined,
    earlierOf: (leg, { version }) => {
      const known = releases.filter(
        (each) => each.leg === leg.id && each.datasetVersion === version && each.state !== 'prepared',
      );
      return { known: known.length, files: known.filter(({ sha256 }) => intact.has(sha256)).map(({ place }) => place) };
    },
    async prepare(outcome, settled) {
      const current = await registry.releases(id).list();
      for (const [dataset, found] of settled) {
        const { version } = plan.datasets.find((each) => each.id === dataset)!;
        const [run] = plan.legs.flatMap((leg) => (leg.dataset === dataset ? (days.get(leg.id) ?? []) : []));
        if (run === undefined) throw new Error(`No leg of ${dataset} is in this round.`);
        const record = { agreement: id, dataset, version, ...found, levels: [...found.levels], run, at: now };
        if (await registry.levels(id).create(record)) continue;
        // What a run that broke off left behind stood here from the first; anything else is another run's that goes on.
        const left = levels.find((each) => each.dataset === dataset && each.version === version);
        const kept = await registry
          .levels(id)
          .change([dataset, version], (each) =>
            isDeepStrictEqual(each, left) && !isOut(current, dataset, version) ? record : undefined,
          );
        if (!mayStand(found, run, kept))
          throw new InvalidInput(
            `Another rehearsal settled the levels of ${dataset} meanwhile, at others than these. Nothing was delivered. Rehearse again.`,
          );
      }
      for (const leg of outcome.legs) await prepareRelease(leg);
    },
    async withhold(outcome) {
      for (const dataset of listFailedDatasets(outcome))
        for (const report of reportFailedRelease(plan, on.conduct, dataset, now, days))
          await recordBreach(registry, report);
    },
    async complete() {
      const out = await settleRounds(registry, on, now);
      const breaches = registry.breaches(id);
      for (const { report, at } of listMendedReleases(plan, {
        ...on.conduct,
        breaches: await breaches.list(),
        releases: out,
      }))
        await breaches.change([report], (each) =>
          each.resolvedAt === undefined ? { ...each, resolvedAt: at } : undefined,
        );
    },
  };
  return { kind: 'round', days: [...new Set(days.values())].sort(), legs: [...days.keys()], book };

  /** Levels bind from when something was released at them. */
  function isOut(known: readonly ReleaseRecord[], dataset: string, version: number): boolean {
    const legs = plan.legs.filter((leg) => leg.dataset === dataset).map((leg) => leg.id);
    return known.some(
      (each) => each.state !== 'prepared' && each.datasetVersion === version && legs.includes(each.leg),
    );
  }

  async function prepareRelease({ leg, certificate, value, figures }: LegOutcome): Promise<void> {
    const round = days.get(leg.id);
    if (round === undefined || certificate === undefined) throw new Error(`Leg ${leg.id} has no certified release.`);
    const record: ReleaseRecord = {
      agreement: id,
      version: plan.agreement.version,
      round,
      leg: leg.id,
      datasetVersion: plan.datasets.find((dataset) => dataset.id === leg.dataset)!.version,
      state: 'prepared',
      sha256: certificate.hashes.output,
      certificate: hashCertificate(certificate, sha256),
      place: placeOf(leg),
      ...(value !== undefined && { value }),
      ...(figures !== undefined && { figures }),
      at: now,
    };
    if (await registry.releases(id).create(record)) return;
    // What a run that broke off left behind was never to be seen; what was prepared since then is another run's.
    const left = releases.find((each) => each.leg === leg.id && each.round === round);
    const kept = await registry
      .releases(id)
      .change([round, leg.id], (each) =>
        each.state === 'prepared' && isDeepStrictEqual(each, left) ? record : undefined,
      );
    if (!isDeepStrictEqual(kept, record))
      throw new InvalidInput(
        `The round of ${round} was recorded by another rehearsal meanwhile. Nothing was delivered.`,
      );
  }
}

/**
 * @param released those that have gone out
 * @throws InvalidInput where no round is free
 */
function chooseDays(
  plan: Plan,
  { conduct }: AgreementOnRecord,
  released: readonly ReleaseRecord[],
  asked: string | undefined,
  now: string,
): ReadonlyMap<string, string> {
  const given = (leg: string): RoundsGiven =>
    new Map(released.flatMap((each) => (each.leg === leg ? [[each.round, 'given' as const]] : [])));
  const chosen = chooseRounds(plan, conduct, given, now, asked);
  switch (chosen.kind) {
    case 'chosen':
      return chosen.days;
    case 'not-due':
      throw new InvalidInput(
        `No round is due on ${asked}. The next are due on ${chosen.next.slice(0, 3).join(', ') || 'no day'}.`,
      );
    case 'is-out':
      throw new InvalidInput(`The round of ${chosen.day} has its release of ${chosen.leg}, ${OUT_STAYS}`);
    case 'too-early':
      throw new InvalidInput(`Every round that is due has its releases, ${OUT_STAYS} ${describeTooEarly(chosen)}`);
    case 'none-left':
      throw new InvalidInput(`Every round has its releases, ${OUT_STAYS}`);
  }
}

const OUT_STAYS = 'and what is out is not taken back. Name a round by --round, or put nothing on record by --trial.';

/** Releases that lie where the record has them, by their hash: another round may have taken the folder. */
async function listIntact(releases: readonly ReleaseRecord[]): Promise<ReadonlySet<string>> {
  const intact = new Set<string>();
  for (const { place, sha256: recorded } of releases)
    if (existsSync(place) && (await hashFile(place)) === recorded) intact.add(recorded);
  return intact;
}

/**
 * What is on record follows from what there is: a prepared release that lies in its place is out, also where the run that put it
 * there broke off before it could say so. A round all of whose legs are out is published.
 * @returns the releases that are out
 */
async function settleRounds(
  registry: Registry,
  { plan, conduct }: AgreementOnRecord,
  now: string,
): Promise<readonly ReleaseRecord[]> {
  const { id: agreement, version } = plan.agreement;
  const before = await registry.releases(agreement).list();
  const prepared = before.filter(({ state }) => state === 'prepared');
  const intact = await listIntact(prepared);
  for (const { round, leg, sha256: recorded } of prepared)
    if (intact.has(recorded))
      await registry
        .releases(agreement)
        .change([round, leg], (each) => (each.state === 'prepared' ? { ...each, state: 'final', at: now } : undefined));
  const out = (await registry.releases(agreement).list()).filter(({ state }) => state !== 'prepared');
  const rounds = listRounds(conduct, plan.term.ends);
  for (const day of new Set(out.map(({ round }) => round))) {
    const legs = rounds.find((round) => round.day === day)?.legs ?? [];
    const isWhole = legs.every((leg) => out.some((each) => each.round === day && each.leg === leg));
    await registry.rounds(agreement).create({ agreement, version, day, legs: [...legs], state: 'open', at: now });
    if (isWhole)
      await registry
        .rounds(agreement)
        .change([day], (round) => (round.state === 'open' ? { ...round, state: 'published', at: now } : undefined));
  }
  return out;
}
