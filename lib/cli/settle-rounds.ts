import { existsSync } from 'node:fs';
import { listRounds } from '../domain/exchange/rounds/list-rounds';
import type { AgreementOnRecord } from '../domain/registry/read-conduct';
import type { Registry } from '../domain/registry/registry';
import type { ReleaseRecord } from '../domain/registry/round-records';
import { hashFile } from '../engine/intake/hash-file';

/** Releases that lie where the record has them, by their hash: another round may have taken the folder. */
export async function listIntact(releases: readonly ReleaseRecord[]): Promise<ReadonlySet<string>> {
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
export async function settleRounds(
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
