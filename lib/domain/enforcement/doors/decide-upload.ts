import type { DecisionRecord } from '../../registry/door-records';
import type { AgreementOnRecord } from '../../registry/read-conduct';
import { deliveryPrefix } from '../../room/landing-prefix';
import { type DecisionContext, decide, NOTHING_USED } from '../policies/decide';
import { describeRefusal } from '../policies/describe-refusal';
import type { PolicyEngine } from '../policies/policy-engine';

/** What somebody wants to hand in, by a link that can be used for this file and no other. */
export interface UploadRequest {
  readonly dataset: string;
  readonly file: string;
  readonly bytes: number;
  /** Of the file's content, hexadecimal. */
  readonly sha256: string;
}

/** What is put on record, and where the file goes where it is permitted. */
interface UploadDecision {
  readonly decision: DecisionRecord;
  readonly permitted?: { readonly key: string; readonly upload: UploadRequest };
}

/** What is wrong with a request that the agreement itself would permit. */
type UploadFault = 'malformed-request' | 'not-your-dataset' | 'file-name' | 'file-size';

interface UploadGrounds extends Pick<DecisionContext, 'policies' | 'now'> {
  /** Tells two requests apart. */
  readonly id: string;
  readonly engine: PolicyEngine;
}

/** In one request S3 takes 5 GiB; more comes by parts, with the party's own role. */
export const MAX_UPLOAD = 5 * 1024 ** 3;

/** The body of a request; undefined where it is not one, whole and of the right kinds. */
export function readUploadRequest(body: unknown): UploadRequest | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const { dataset, file, bytes, sha256, ...rest }: Readonly<Record<string, unknown>> = { ...body };
  if (Object.keys(rest).length > 0) return undefined;
  if (typeof dataset !== 'string' || typeof file !== 'string' || typeof sha256 !== 'string') return undefined;
  if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || !/^[0-9a-f]{64}$/.test(sha256)) return undefined;
  return { dataset, file, bytes, sha256 };
}

/**
 * Whether a party may hand in a file: one of a dataset that is its own, as the policies say. Where it goes follows from the
 * agreement; the caller chooses only the last part of the name. A party whose entitlements are suspended may deliver: that is
 * how it ends what it is suspended for. Anything not known to be right is forbidden.
 */
export function decideUpload(
  upload: UploadRequest | undefined,
  party: string,
  { plan, conduct }: AgreementOnRecord,
  { id, policies, engine, now }: UploadGrounds,
): UploadDecision {
  const about = upload === undefined ? {} : { about: upload.dataset };
  const context = { plan, policies, conduct, used: NOTHING_USED, now };
  const decision = decide({ id, operation: 'request-upload', party, ...about, operands: {} }, context, engine);
  const refuse = (fault: UploadFault) => ({ decision: describeRefusal(decision, fault, decision.clause) });
  if (upload === undefined) return refuse('malformed-request');
  // One answer for another's dataset and for none: what others give is not told by trying.
  if (decision.policy === 'none') return refuse('not-your-dataset');
  if (decision.effect === 'forbid') return { decision };
  const { dataset, file, bytes } = upload;
  if (!FILE_NAME.test(file) || file.includes('..')) return refuse('file-name');
  if (bytes < 1 || bytes > MAX_UPLOAD) return refuse('file-size');
  return { decision, permitted: { key: `${deliveryPrefix(plan.agreement.id, dataset, 'upload')}${file}`, upload } };
}

/** Letters and digits of English, points, hyphens and underscores; not hidden, and no end that a file system would drop. */
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,198}[A-Za-z0-9]$/;
