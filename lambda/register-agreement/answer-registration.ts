import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { SidePlan } from '../../lib/domain/agreement/plan/plan-for-side';
import { admitDrawing } from '../../lib/domain/enforcement/doors/admit-drawing';
import { listPrincipals, type Principal } from '../../lib/domain/enforcement/registration/list-principals';
import { proposeVersion } from '../../lib/domain/enforcement/registration/propose-version';
import { registerAgreement, removeAgreement } from '../../lib/domain/enforcement/registration/register-agreement';
import type { Provisioned } from '../../lib/domain/registry/registered-agreement';
import type { Registry } from '../../lib/domain/registry/registry';
import { answerCloudFormation, type PutAnswer, type ResourceRequest } from '../shared/answer-cloudformation';

/**
 * Serves what an agreement's stack has on record: first whether it may be drawn from its version, last that it is, and a
 * version that waits for signatures beside it. When the stack goes, what is there is marked as removed.
 */
export async function answerRegistration(
  request: ResourceRequest,
  registry: Registry,
  now: string,
  put?: PutAnswer,
): Promise<void> {
  const { Agreement, Step = 'record' } = request.ResourceProperties;
  const work = async () => {
    if (typeof Agreement !== 'string') throw new TypeError('The request names no agreement.');
    const properties = request.ResourceProperties;
    if (request.RequestType === 'Delete')
      return Step === 'record' ? removeAgreement(registry, Agreement, now) : undefined;
    if (Step === 'admit') {
      const { id, version, principals } = readAdmission(Agreement, properties);
      return admitDrawing(registry, { id, version }, principals);
    }
    const { plan, hash } = readVersion(Agreement, properties);
    if (Step === 'propose') return proposeVersion(registry, plan, hash, now);
    if (Step !== 'record') throw incomplete(Agreement);
    const provisioned = readProvisioned(plan, properties);
    // Another version may have come into force since the stack began to be drawn.
    await admitDrawing(registry, plan.agreement, listPrincipals(plan));
    return registerAgreement(registry, { plan, hash, provisioned }, now);
  };
  await answerCloudFormation(request, `${NAMES[String(Step)] ?? 'nothing'} of ${String(Agreement)}`, work, put);
}

const NAMES: Readonly<Record<string, string>> = { admit: 'admission', propose: 'proposal', record: 'registration' };

function readAdmission(id: string, { Version, Principals }: ResourceRequest['ResourceProperties']) {
  const version = Number(Version);
  if (!Number.isInteger(version) || typeof Principals !== 'string') throw incomplete(id);
  const principals: readonly Principal[] = JSON.parse(gunzipSync(Buffer.from(Principals, 'base64')).toString('utf8'));
  return { id, version, principals };
}

/** @throws TypeError for what no stack of this version sends, and where the plan is not the one that was hashed. */
function readVersion(agreement: string, properties: ResourceRequest['ResourceProperties']) {
  const { Version, Hash, Plan } = properties;
  const version = Number(Version);
  if (!Number.isInteger(version) || typeof Hash !== 'string' || typeof Plan !== 'string') throw incomplete(agreement);
  const text = gunzipSync(Buffer.from(Plan, 'base64'));
  const plan: SidePlan = JSON.parse(text.toString('utf8'));
  const isIts = createHash('sha256').update(text).digest('hex') === Hash && plan.agreement?.id === agreement;
  if (!isIts || plan.agreement.version !== version)
    throw new TypeError(`The plan of ${agreement} is not the one that its hash is of: synthesize and deploy again.`);
  return { hash: Hash, plan };
}

function readProvisioned(
  { agreement: { id, version } }: SidePlan,
  { Provisioned }: ResourceRequest['ResourceProperties'],
): Provisioned {
  if (!isProvisioned(Provisioned)) throw incomplete(id);
  return { ...Provisioned, version };
}

function incomplete(agreement: string): TypeError {
  return new TypeError(`The request for ${agreement} is not complete: deploy it with the room's own version.`);
}

function isProvisioned(value: unknown): value is Provisioned {
  if (typeof value !== 'object' || value === null) return false;
  const isTextOrAbsent = (name: keyof Provisioned) => ['undefined', 'string'].includes(typeof Reflect.get(value, name));
  const areTexts = isTextOrAbsent('letters') && isTextOrAbsent('sftpServer');
  return areTexts && MAPS.every((name) => isTextMap(Reflect.get(value, name)));
}

const MAPS = ['sftpRoles', 'dataSets', 'legKeys'] as const satisfies readonly (keyof Provisioned)[];

function isTextMap(value: unknown): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && value !== null && Object.values(value).every((each) => typeof each === 'string');
}
