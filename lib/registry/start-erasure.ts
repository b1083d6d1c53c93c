import type { PlannedDataset, PlannedLeg } from '../domain/agreement/plan/plan';
import {
  addRelease,
  listLegsOf,
  listTokenVersions,
  nameErasure,
  planErasure,
} from '../domain/exchange/erasure/plan-erasure';
import type { ErasureRecord } from '../domain/registry/conduct-records';
import type { AgreementOnRecord } from '../domain/registry/read-conduct';
import type { Registry } from '../domain/registry/registry';
import type { ReleaseRecord } from '../domain/registry/round-records';
import { digestSubject, digestTold, releasesTokens, tokenOfSubject } from '../engine/digest-subject';

/** Who may use a dataset's keys lends what they make. */
export interface SubjectSecrets {
  /** ARN of the key that erasures hang on; absent: the owner's own, on this machine. */
  readonly key?: string;
  readonly erasure: () => Promise<Uint8Array>;
  /** Of a version of the dataset. */
  readonly token: (leg: PlannedLeg, version: number) => Promise<Uint8Array>;
}

/** Whether a release holds the token; undefined where that cannot be looked up, and its receiver is asked. */
export type HoldsToken = (release: ReleaseRecord, token: string) => Promise<boolean | undefined>;

/** A day has had as many erased from the dataset as it takes. */
export class TooManyErasures extends Error {
  override readonly name = 'TooManyErasures';

  constructor(agreement: string, dataset: string) {
    super(`${agreement}/${dataset}: one day takes no more erasures. Ask again tomorrow.`);
  }
}

/**
 * Puts on record that a subject is to be erased: from then on deliveries are cleaned of it, and the receivers of the releases
 * that may hold it have a month. Asked again, it changes nothing.
 * @param subject as `readSubject` gives it; it is kept nowhere
 * @param bound most that one day, UTC, has erased from a dataset
 * @throws TooManyErasures
 */
export async function startErasure(
  registry: Registry,
  { plan, conduct }: Pick<AgreementOnRecord, 'plan' | 'conduct'>,
  dataset: PlannedDataset,
  subject: string,
  secrets: SubjectSecrets,
  holds: HoldsToken,
  now: string,
  bound?: number,
): Promise<{ readonly erasure: ErasureRecord; readonly isNew: boolean }> {
  const agreement = plan.agreement.id;
  const [erasures, { key }] = [registry.erasures(agreement), secrets];
  const secret = await secrets.erasure();
  const digest = digestSubject(secret, subject);
  const id = nameErasure({ dataset: dataset.id, subject: digest });
  const names = Object.fromEntries(
    listLegsOf(plan, conduct, dataset.id).map(({ id: leg }) => [
      leg,
      nameErasure({ dataset: dataset.id, subject: digestTold(secret, leg, digest) }),
    ]),
  );
  const tokens: Record<string, readonly string[]> = {};
  if (releasesTokens(dataset))
    for (const leg of listLegsOf(plan, conduct, dataset.id)) {
      const versions = listTokenVersions(dataset, leg.id, conduct);
      const made = versions.map(async (version) => tokenOfSubject(await secrets.token(leg, version), subject));
      tokens[leg.id] = await Promise.all(made);
    }
  const request = {
    dataset: dataset.id,
    subject: digest,
    ...(key === undefined ? {} : { key }),
    tokens,
    names,
    at: now,
  };
  const { earlier } = conduct;
  const asked = planErasure(plan, { earlier, releases: await keepHeld(conduct.releases, tokens, holds) }, request);
  if (bound !== undefined && !(await takePlace(registry, asked, bound)))
    throw new TooManyErasures(agreement, dataset.id);
  const isNew = await erasures.create(asked);
  // Whatever was certified meanwhile is on record by now, or finds the erasure there: see `trackErased`.
  const releases = await keepHeld(await registry.releases(agreement).list(), tokens, holds);
  const kept = await erasures.change([id], (before) =>
    before.listedAt === undefined
      ? { ...releases.reduce((each, { leg, round }) => addRelease(each, leg, round) ?? each, before), listedAt: now }
      : undefined,
  );
  return { erasure: kept ?? asked, isNew };
}

/** Releases that may hold one of the tokens of their leg. Where the dataset releases none, that is every one. */
async function keepHeld(
  releases: readonly ReleaseRecord[],
  tokens: Readonly<Record<string, readonly string[]>>,
  holds: HoldsToken,
): Promise<readonly ReleaseRecord[]> {
  const mayHold = async (release: ReleaseRecord) => {
    const own = tokens[release.leg];
    if (own === undefined) return true;
    const found = await Promise.all(own.map((token) => holds(release, token)));
    return found.some((each) => each !== false);
  };
  const held = await Promise.all(releases.map(mayHold));
  return releases.filter((_, index) => held[index]);
}

/** Who is asked for again has the place already. */
async function takePlace(registry: Registry, { agreement, dataset, id, requestedAt }: ErasureRecord, bound: number) {
  const days = registry.erasureDays(agreement);
  const day = requestedAt.slice(0, 10);
  if ((await registry.erasures(agreement).read(id)) !== undefined) return true;
  await days.create({ agreement, dataset, day, asked: [] });
  const kept = await days.change([dataset, day], (each) =>
    each.asked.includes(id) || each.asked.length >= bound ? undefined : { ...each, asked: [...each.asked, id] },
  );
  return kept?.asked.includes(id) === true;
}
