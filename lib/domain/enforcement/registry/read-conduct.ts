import type { SidePlan } from '../../agreement/plan-for-side';
import { listSigned } from '../../agreement/signing-rules';
import type { Conduct } from '../../exchange/conduct';
import { readPlan } from './read-plan';
import { readPlans } from './read-plans';
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
  const [plan, version, signatures, rounds, releases, breaches, attestations, releaseAttestations] = await Promise.all([
    readPlan(registry, agreement, current.version),
    registry.versions(agreement).read(current.version),
    registry.signatures(agreement).list(),
    registry.rounds(agreement).list(),
    registry.releases(agreement).list(),
    registry.breaches(agreement).list(),
    registry.attestations(agreement).list(),
    registry.releaseAttestations(agreement).list(),
  ]);
  if (plan === undefined || version === undefined) return undefined;
  const began = whenBegan(current);
  const resumed = current.history.findLast(({ act, to }) => act === 'resume' && to === 'active')?.at;
  // Few agreements are amended: of the others no version is read twice.
  const known = current.version === 1 ? [] : await readPlans(registry, agreement);
  const earlier = listSigned(known, signatures).filter((each) => each.agreement.version < current.version);
  const relevant = new Set([...earlier, plan].map((each) => each.agreement.version));
  const conduct: Conduct = {
    state: current.state,
    ...(began === undefined ? {} : { began }),
    ...(resumed === undefined ? {} : { resumed }),
    removed: current.removedAt !== undefined,
    ...(current.ending === undefined ? {} : { ending: current.ending }),
    earlier,
    signatures: signatures.filter((signature) => relevant.has(signature.version)),
    rounds,
    releases,
    breaches,
    attestations,
    releaseAttestations,
  };
  return { plan, current, conduct, hash: version.hash };
}
