import type { SidePlan } from '../../agreement/plan-for-side';
import type { Conduct } from '../../exchange/conduct';
import { readPlan } from './read-plan';
import type { Registry } from './registry';
import type { CurrentRecord } from './registry-records';
import { whenBegan } from './when-began';

/** All that is on record of an agreement. */
export interface AgreementOnRecord {
  readonly plan: SidePlan;
  readonly current: CurrentRecord;
  readonly conduct: Conduct;
  /** SHA-256 of the plan's canonical JSON. */
  readonly hash: string;
}

/** Reads what is on record of an agreement; undefined where nothing is, or it does not hang together. */
export async function readConduct(registry: Registry, agreement: string): Promise<AgreementOnRecord | undefined> {
  const current = await registry.current(agreement).read();
  if (current === undefined) return undefined;
  const [plan, version, signatures, rounds, releases, breaches, attestations] = await Promise.all([
    readPlan(registry, agreement, current.version),
    registry.versions(agreement).read(current.version),
    registry.signatures(agreement).list(),
    registry.rounds(agreement).list(),
    registry.releases(agreement).list(),
    registry.breaches(agreement).list(),
    registry.attestations(agreement).list(),
  ]);
  if (plan === undefined || version === undefined) return undefined;
  const began = whenBegan(current);
  const resumed = current.history.findLast(({ act, to }) => act === 'resume' && to === 'active')?.at;
  const conduct: Conduct = {
    state: current.state,
    ...(began === undefined ? {} : { began }),
    ...(resumed === undefined ? {} : { resumed }),
    removed: current.removedAt !== undefined,
    ...(current.ending === undefined ? {} : { ending: current.ending }),
    signatures: signatures.filter((signature) => signature.version === current.version),
    rounds,
    releases,
    breaches,
    attestations,
  };
  return { plan, current, conduct, hash: version.hash };
}
