import { listSigned } from '../agreement/signing-rules';
import type { CurrentRecord } from './agreement-records';
import { planOfVersion } from './plan-of-version';
import type { Registry } from './registry';

/**
 * Where an agreement may stand at most, by what can be read of its versions, where that itself is lost: active, and in force the
 * last version that all have signed, or the last of all where none is signed. What was made for it is not known then.
 * @returns undefined where no version can be read
 */
export async function standInForCurrent(registry: Registry, agreement: string): Promise<CurrentRecord | undefined> {
  const versions = await registry.versions(agreement).listReadable();
  const plans = versions
    .flatMap((version) => planOfVersion(version) ?? [])
    .toSorted((a, b) => a.agreement.version - b.agreement.version);
  const signed = listSigned(plans, await registry.signatures(agreement).listReadable());
  const last = signed.at(-1) ?? plans.at(-1);
  if (last === undefined) return undefined;
  const { version } = last.agreement;
  return {
    agreement,
    version,
    state: 'active',
    history: [],
    provisioned: { sftpRoles: {}, dataSets: {}, legKeys: {} },
  };
}
