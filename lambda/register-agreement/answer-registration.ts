import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { SidePlan } from '../../lib/domain/agreement/plan-for-side';
import {
  type AgreementVersion,
  registerAgreement,
  removeAgreement,
} from '../../lib/domain/enforcement/register-agreement';
import type { Provisioned } from '../../lib/domain/enforcement/registered-agreement';
import type { Registry } from '../../lib/domain/enforcement/registry/registry';
import { answerCloudFormation, type PutAnswer, type ResourceRequest } from '../answer-cloudformation';

/** Puts the version that an agreement's stack brings on record; when the stack goes, marks what is there as removed. */
export async function answerRegistration(
  request: ResourceRequest,
  registry: Registry,
  now: string,
  put?: PutAnswer,
): Promise<void> {
  const { Agreement } = request.ResourceProperties;
  const work = async () => {
    if (typeof Agreement !== 'string') throw new TypeError('The request names no agreement.');
    if (request.RequestType === 'Delete') await removeAgreement(registry, Agreement, now);
    else await registerAgreement(registry, readVersion(Agreement, request.ResourceProperties), now);
  };
  await answerCloudFormation(request, `registration of ${String(Agreement)}`, work, put);
}

/** @throws TypeError for what no stack of this version sends, and where the plan is not the one that was hashed. */
function readVersion(agreement: string, properties: ResourceRequest['ResourceProperties']): AgreementVersion {
  const { Version, Hash, Plan, Provisioned } = properties;
  const version = Number(Version);
  if (!Number.isInteger(version) || typeof Hash !== 'string' || typeof Plan !== 'string' || !isProvisioned(Provisioned))
    throw new TypeError(`The request for ${agreement} is not complete: deploy it with the room's own version.`);
  const text = gunzipSync(Buffer.from(Plan, 'base64'));
  const plan: SidePlan = JSON.parse(text.toString('utf8'));
  const isIts = createHash('sha256').update(text).digest('hex') === Hash && plan.agreement?.id === agreement;
  if (!isIts || plan.agreement.version !== version)
    throw new TypeError(`The plan of ${agreement} is not the one that its hash is of: synthesize and deploy again.`);
  return { hash: Hash, plan, provisioned: Provisioned };
}

function isProvisioned(value: unknown): value is Provisioned {
  if (typeof value !== 'object' || value === null) return false;
  const letters: unknown = Reflect.get(value, 'letters');
  const isTopic = letters === undefined || typeof letters === 'string';
  return isTopic && MAPS.every((name) => isTextMap(Reflect.get(value, name)));
}

const MAPS = ['sftpRoles', 'dataSets', 'legKeys'] as const satisfies readonly (keyof Provisioned)[];

function isTextMap(value: unknown): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && value !== null && Object.values(value).every((each) => typeof each === 'string');
}
