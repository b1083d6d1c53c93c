import { deliveryPrefix } from '../room/landing-prefix';
import { type Caller, identifyParty } from './identify-party';
import type { RegisteredAgreement } from './registered-agreement';

/** What somebody wants to hand in, by a link that can be used for this file and no other. */
export interface UploadRequest {
  readonly dataset: string;
  readonly file: string;
  readonly bytes: number;
  /** Of the file's content, hexadecimal. */
  readonly sha256: string;
}

export type UploadDecision =
  | { readonly kind: 'permit'; readonly party: string; readonly key: string; readonly upload: UploadRequest }
  | { readonly kind: 'forbid'; readonly reason: UploadRefusal };

/** One word per reason, for the caller and the log. */
export type UploadRefusal =
  | 'malformed-request'
  | 'unknown-agreement'
  | 'unknown-caller'
  | 'agreement-not-active'
  | 'outside-term'
  | 'not-your-dataset'
  | 'file-name'
  | 'file-size';

/** In one request S3 takes 5 GiB; more comes by parts, with the party's own role. */
export const MAX_UPLOAD = 5 * 1024 ** 3;

/** How long a link is good for: long enough to begin an upload; one that has begun may go on. */
export const LINK_SECONDS = 900;

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
 * Whether a party may hand in a file: one of a dataset that is its own, under an agreement in force. Where it goes follows
 * from the agreement; the caller chooses only the last part of the name. A party whose entitlements are suspended may
 * deliver: that is how it ends what it is suspended for. Anything not known to be right is forbidden.
 * @param today ISO date, UTC. Both days of the term count.
 * @param roomAccount 12 digits.
 */
export function decideUpload(
  upload: UploadRequest | undefined,
  caller: Caller,
  registered: RegisteredAgreement | undefined,
  { today, roomAccount }: { readonly today: string; readonly roomAccount: string },
): UploadDecision {
  if (registered === undefined) return forbid('unknown-agreement');
  const { plan, state } = registered;
  const party = identifyParty(caller, plan.agreement.id, plan.parties, roomAccount);
  if (party === undefined) return forbid('unknown-caller');
  if (state !== 'active') return forbid('agreement-not-active');
  if (today < plan.term.starts || today > registered.lastDay) return forbid('outside-term');
  if (upload === undefined) return forbid('malformed-request');
  const { dataset, file, bytes } = upload;
  const owned = plan.datasets.find(({ id, owner }) => id === dataset && owner === party);
  // One answer for another's dataset and for none: what others give is not told by trying.
  if (owned === undefined) return forbid('not-your-dataset');
  if (!FILE_NAME.test(file) || file.includes('..')) return forbid('file-name');
  if (bytes < 1 || bytes > MAX_UPLOAD) return forbid('file-size');
  return { kind: 'permit', party, key: `${deliveryPrefix(plan.agreement.id, owned.id, 'upload')}${file}`, upload };
}

/** Letters and digits of English, points, hyphens and underscores; not hidden, and no end that a file system would drop. */
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,198}[A-Za-z0-9]$/;

function forbid(reason: UploadRefusal): UploadDecision {
  return { kind: 'forbid', reason };
}
