import type { SidePlan } from '../agreement/plan/plan-for-side';
import { listSignedVersions } from '../audit/attribution/list-signed-versions';
import type { CurrentRecord } from './agreement-records';
import type { Conduct } from './conduct';
import { findEnd } from './find-end';
import { listHolders, listPauses } from './list-pauses';
import { listSteps } from './list-steps';
import { planOfVersion } from './plan-of-version';
import { RecordUnreadable } from './record-unreadable';
import type { Records, Registry } from './registry';
import { standInForCurrent } from './stand-in-for-current';
import { whenBegan } from './when-began';

/** All that is on record of an agreement. */
export interface AgreementOnRecord {
  readonly plan: SidePlan;
  /** With every step, those that lie apart too. */
  readonly current: CurrentRecord;
  readonly conduct: Conduct;
  /** SHA-256 of the plan's canonical JSON. */
  readonly hash: string;
}

/**
 * Reads what is on record of an agreement; undefined where nothing is.
 * @param how `what-can-be-read`: without the records that cannot, for what takes back alone; by an earlier version where the one
 * in force is among these, by the last signed one where it is lost which that is, and undefined where no version can be read
 * @throws RecordUnreadable the version in force too, where it is gone or holds another plan than its own
 */
export async function readConduct(
  registry: Registry,
  agreement: string,
  how: 'whole' | 'what-can-be-read' = 'whole',
): Promise<AgreementOnRecord | undefined> {
  const list = <T, K extends readonly (keyof T)[]>(records: Records<T, K>) =>
    how === 'whole' ? records.list() : records.listReadable();
  const stored =
    how === 'whole'
      ? await registry.current(agreement).read()
      : ((await registry.current(agreement).listReadable())[0] ?? (await standInForCurrent(registry, agreement)));
  if (stored === undefined) return undefined;
  const [steps, versions, signatures, rounds, releases, breaches, attestations, releaseAttestations] =
    await Promise.all([
      list(registry.steps(agreement)),
      list(registry.versions(agreement)),
      list(registry.signatures(agreement)),
      list(registry.rounds(agreement)),
      list(registry.releases(agreement)),
      list(registry.breaches(agreement)),
      list(registry.attestations(agreement)),
      list(registry.releaseAttestations(agreement)),
    ]);
  const current = { ...stored, history: listSteps(steps, stored.history) };
  const known = versions.flatMap((version) => {
    const plan = planOfVersion(version);
    return plan === undefined ? [] : [{ plan, hash: version.hash }];
  });
  const inForce = known.find(({ plan }) => plan.agreement.version === current.version);
  if (inForce === undefined && how === 'whole')
    throw new RecordUnreadable('version', `version ${current.version}`, agreement);
  const found = inForce ?? known.toSorted((a, b) => b.plan.agreement.version - a.plan.agreement.version)[0];
  if (found === undefined) return undefined;
  const { plan, hash } = found;
  const plans = known.map((each) => each.plan);
  const began = whenBegan(current);
  const ended = findEnd(current);
  const pauses = listPauses(current.history);
  const signed = listSignedVersions(plans, signatures, current);
  const earlier = signed.flatMap(({ plan: each }) => (each.agreement.version < current.version ? [each] : []));
  const holders = listHolders(current.history);
  const relevant = new Set([...earlier, plan].map((each) => each.agreement.version));
  const told = plan.side.kind === 'peer' ? await list(registry.toldBreaches(agreement)) : [];
  const conduct: Conduct = {
    state: current.state,
    ...(began === undefined ? {} : { began }),
    ...(pauses.length === 0 ? {} : { pauses }),
    ...(holders.length === 0 ? {} : { holders }),
    versions: signed,
    removed: current.removedAt !== undefined,
    ...(current.ending === undefined ? {} : { ending: current.ending }),
    ...(ended === undefined ? {} : { ended }),
    earlier,
    signatures: signatures.filter((signature) => relevant.has(signature.version)),
    rounds,
    releases,
    breaches,
    ...(told.length === 0 ? {} : { told }),
    attestations,
    releaseAttestations,
  };
  return { plan, current, conduct, hash };
}
