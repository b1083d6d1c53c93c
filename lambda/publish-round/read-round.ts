import type { Registry } from '../../lib/domain/registry/registry';

/** A round, all releases that are known, and which of them are its own. */
export async function readRound(registry: Registry, agreement: string, day: string) {
  const round = await registry.rounds(agreement).read(day);
  if (round === undefined) throw new Error(`${agreement} has no round of ${day}.`);
  const known = await registry.releases(agreement).list();
  return { round, known, releases: known.filter((release) => release.round === day) };
}
