import type { PlannedDataset, PlannedLeg } from '../domain/agreement/plan';
import type { ErasureRecord } from '../domain/enforcement/registry/conduct-records';
import type { AgreementOnRecord } from '../domain/enforcement/registry/read-conduct';
import type { Registry } from '../domain/enforcement/registry/registry';
import { addRelease, listLegsOf, listTokenVersions, nameErasure, planErasure } from '../domain/exchange/plan-erasure';
import { digestSubject, releasesTokens, tokenOfSubject } from '../engine/digest-subject';

/** Who may use a dataset's keys lends what they make. */
export interface SubjectSecrets {
  /** ARN of the key that erasures hang on; absent: the owner's own, on this machine. */
  readonly key?: string;
  readonly erasure: () => Promise<Uint8Array>;
  /** Of a version of the dataset. */
  readonly token: (leg: PlannedLeg, version: number) => Promise<Uint8Array>;
}

/**
 * Puts on record that a subject is to be erased: from then on deliveries are cleaned of it, and receivers have a month. Asked
 * again, it changes nothing.
 * @param subject as `readSubject` gives it; it is kept nowhere
 */
export async function startErasure(
  registry: Registry,
  { plan, conduct }: Pick<AgreementOnRecord, 'plan' | 'conduct'>,
  dataset: PlannedDataset,
  subject: string,
  secrets: SubjectSecrets,
  now: string,
): Promise<{ readonly erasure: ErasureRecord; readonly isNew: boolean }> {
  const agreement = plan.agreement.id;
  const [erasures, { key }] = [registry.erasures(agreement), secrets];
  const digest = digestSubject(await secrets.erasure(), subject);
  const id = nameErasure({ dataset: dataset.id, subject: digest });
  const tokens: Record<string, readonly string[]> = {};
  if (releasesTokens(dataset))
    for (const leg of listLegsOf(plan, conduct, dataset.id)) {
      const versions = listTokenVersions(dataset, leg.id, conduct);
      const made = versions.map(async (version) => tokenOfSubject(await secrets.token(leg, version), subject));
      tokens[leg.id] = await Promise.all(made);
    }
  const request = { dataset: dataset.id, subject: digest, ...(key === undefined ? {} : { key }), tokens, at: now };
  const asked = planErasure(plan, conduct, request);
  const isNew = await erasures.create(asked);
  // Whatever was certified meanwhile is on record by now, or finds the erasure there: see `trackErased`.
  const releases = await registry.releases(agreement).list();
  const kept = await erasures.change([id], (before) =>
    before.listedAt === undefined
      ? { ...releases.reduce((each, { leg, round }) => addRelease(each, leg, round) ?? each, before), listedAt: now }
      : undefined,
  );
  return { erasure: kept ?? asked, isNew };
}
