import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { sha256 } from '../../audit/node-crypto';
import { recordBreach } from '../../domain/enforcement/breaches/record-breach';
import {
  listFailedDatasets,
  listMendedReleases,
  reportFailedRelease,
} from '../../domain/exchange/gates/judge-failed-release';
import { hashCertificate } from '../../domain/exchange/gates/verify-release';
import type { LegOutcome } from '../../domain/exchange/rounds/round';
import { type FixedLevels, mayStand } from '../../domain/privacy/hierarchies/fixed-levels';
import type { AgreementOnRecord } from '../../domain/registry/read-conduct';
import type { Registry } from '../../domain/registry/registry';
import type { LevelsRecord, ReleaseRecord } from '../../domain/registry/round-records';
import type { RoundRecordBook } from '../../rehearsal/rehearsal';
import { releasePath } from '../../rehearsal/rehearse-round';
import { InvalidInput } from '../describe/exit-code';
import { settleRounds } from '../settle-rounds';

/** A round that is about to be rehearsed, and what was on record when it was chosen. */
interface OpenRound {
  readonly registry: Registry;
  readonly on: AgreementOnRecord;
  /** The folder of the round. */
  readonly out: string;
  /** Day of the round, by leg. */
  readonly days: ReadonlyMap<string, string>;
  readonly releases: readonly ReleaseRecord[];
  readonly levels: readonly LevelsRecord[];
  /** Hashes of releases that lie where they were put, unchanged. */
  readonly intact: ReadonlySet<string>;
  readonly others: RoundRecordBook['others'];
  /** By which a giver's key is known. */
  readonly keyIdOf: (giver: string) => string;
  readonly now: string;
}

/** What a rehearsal reads from the record, and what it puts there: nothing that another rehearsal put there meanwhile is lost. */
export function openRecordBook(open: OpenRound): RoundRecordBook {
  return {
    others: open.others,
    levelsOf: ({ id, version }) =>
      isOut(open, open.releases, id, version) ? findLevels(open, id, version) : undefined,
    earlierOf: (leg, { version }) => {
      const known = open.releases.filter(
        (each) => each.leg === leg.id && each.datasetVersion === version && each.state !== 'prepared',
      );
      const files = known.filter((each) => open.intact.has(each.sha256)).map(({ place }) => place);
      return { known: known.length, files };
    },
    async prepare(outcome, settled) {
      const current = await open.registry.releases(open.on.plan.agreement.id).list();
      for (const [dataset, found] of settled) await writeLevels(open, dataset, found, current);
      for (const leg of outcome.legs) await writeRelease(open, leg);
    },
    async withhold(outcome) {
      const { plan, conduct } = open.on;
      for (const dataset of listFailedDatasets(outcome))
        for (const report of reportFailedRelease(plan, conduct, dataset, open.now, open.days))
          await recordBreach(open.registry, report);
    },
    complete: () => resolveMended(open),
  };
}

function findLevels({ levels }: OpenRound, dataset: string, version: number): LevelsRecord | undefined {
  return levels.find((each) => each.dataset === dataset && each.version === version);
}

/** Levels bind from when something was released at them. */
function isOut({ on }: OpenRound, known: readonly ReleaseRecord[], dataset: string, version: number): boolean {
  const legs = on.plan.legs.filter((leg) => leg.dataset === dataset).map((leg) => leg.id);
  return known.some((each) => each.state !== 'prepared' && each.datasetVersion === version && legs.includes(each.leg));
}

/**
 * @param current what is on record of releases by now
 * @throws InvalidInput where another rehearsal settled other levels meanwhile
 */
async function writeLevels(
  open: OpenRound,
  dataset: string,
  found: FixedLevels,
  current: readonly ReleaseRecord[],
): Promise<void> {
  const { agreement, datasets, legs } = open.on.plan;
  const { version } = datasets.find((each) => each.id === dataset)!;
  const [run] = legs.flatMap((leg) => (leg.dataset === dataset ? (open.days.get(leg.id) ?? []) : []));
  if (run === undefined) throw new Error(`No leg of ${dataset} is in this round.`);
  const on = open.registry.levels(agreement.id);
  const record = { agreement: agreement.id, dataset, version, ...found, levels: [...found.levels], run, at: open.now };
  if (await on.create(record)) return;
  // What a run that broke off left behind stood here from the first; anything else is another run's that goes on.
  const left = findLevels(open, dataset, version);
  const kept = await on.change([dataset, version], (each) =>
    isDeepStrictEqual(each, left) && !isOut(open, current, dataset, version) ? record : undefined,
  );
  if (!mayStand(found, run, kept))
    throw new InvalidInput(
      `Another rehearsal settled the levels of ${dataset} meanwhile, at others than these. Nothing was delivered. Rehearse again.`,
    );
}

/** @throws InvalidInput where another rehearsal recorded the round meanwhile */
async function writeRelease(open: OpenRound, { leg, certificate, value, figures }: LegOutcome): Promise<void> {
  const { agreement, datasets } = open.on.plan;
  const round = open.days.get(leg.id);
  if (round === undefined || certificate === undefined) throw new Error(`Leg ${leg.id} has no certified release.`);
  const on = open.registry.releases(agreement.id);
  const record: ReleaseRecord = {
    agreement: agreement.id,
    version: agreement.version,
    round,
    leg: leg.id,
    datasetVersion: datasets.find((dataset) => dataset.id === leg.dataset)!.version,
    state: 'prepared',
    sha256: certificate.hashes.output,
    certificate: hashCertificate(certificate, sha256),
    place: join(resolve(open.out), releasePath(leg)),
    keyId: open.keyIdOf(leg.from),
    ...(value !== undefined && { value }),
    ...(figures !== undefined && { figures }),
    at: open.now,
  };
  if (await on.create(record)) return;
  // What a run that broke off left behind was never to be seen; what was prepared since then is another run's.
  const left = open.releases.find((each) => each.leg === leg.id && each.round === round);
  const kept = await on.change([round, leg.id], (each) =>
    each.state === 'prepared' && isDeepStrictEqual(each, left) ? record : undefined,
  );
  if (!isDeepStrictEqual(kept, record))
    throw new InvalidInput(`The round of ${round} was recorded by another rehearsal meanwhile. Nothing was delivered.`);
}

/** What is delivered now mends the breach that an earlier, failed release of it was. */
async function resolveMended({ registry, on, now }: OpenRound): Promise<void> {
  const releases = await settleRounds(registry, on, now);
  const breaches = registry.breaches(on.plan.agreement.id);
  const mended = listMendedReleases(on.plan, { ...on.conduct, breaches: await breaches.list(), releases }, now);
  for (const { report, at } of mended)
    await breaches.change([report], (each) =>
      each.resolvedAt === undefined ? { ...each, resolvedAt: at } : undefined,
    );
}
