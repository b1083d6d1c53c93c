import type { PlannedAgreement } from '../../agreement/plan/plan';
import { readPlan } from '../../registry/read-plan';
import type { Registry } from '../../registry/registry';
import { comparePrincipals } from '../registration/compare-principals';
import { listPrincipals, type Principal } from '../registration/list-principals';

/** What is deployed would let in, or shut out, others than the version in force says. */
class UnsignedPrincipals extends Error {
  override readonly name = 'UnsignedPrincipals';
}

/**
 * Whether an agreement's stack may be drawn from a version, before anything of it is. Once a version is in force, the stack
 * trusts whom that version names and nobody else, or goes on as it stands; another version has to be signed by all first. A
 * draft opens nothing, so it may be replaced.
 * @param principals whom what is drawn from it would trust: see `listPrincipals`
 * @throws UnsignedPrincipals
 */
export async function admitDrawing(
  registry: Registry,
  { id: agreement, version }: Pick<PlannedAgreement, 'id' | 'version'>,
  principals: readonly Principal[],
): Promise<void> {
  const current = await registry.current(agreement).read();
  if (current === undefined || (current.state === 'draft' && version >= current.version)) return;
  const inForce = await readPlan(registry, agreement, current.version);
  // A roll-back draws again what stood.
  const drawn = current.provisioned.version;
  const stands = drawn === undefined ? undefined : await readPlan(registry, agreement, drawn);
  const differences = [inForce, stands].map((each) =>
    each === undefined ? undefined : comparePrincipals(listPrincipals(each), principals),
  );
  if (differences.some((each) => each?.length === 0)) return;
  const changed = differences[0]?.slice(0, MAX_NAMED).join(', ') ?? 'the version in force cannot be read';
  throw new UnsignedPrincipals(
    `Version ${version} of ${agreement} lets in, or shuts out, others than version ${current.version}, which is in force, says: ${changed}. Put the file of version ${current.version} beside it in the room's folder of agreements: the stack goes on as that says, and version ${version} can be signed. When all have signed, take the older file away and deploy again.`,
  );
}

/** The answer to CloudFormation is short. */
const MAX_NAMED = 8;
