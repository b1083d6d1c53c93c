import { reachOfAct } from '../reach-of-act';
import type { AttributedAccess } from './attribute-accesses';
import type { Attribution } from './attribution';
import type { RecordedDecision } from './recorded-decision';

/** Something that does not add up. `accesses`: ids of what shows it. */
export interface AuditException {
  readonly kind: ExceptionKind;
  readonly at: string;
  readonly party?: string;
  readonly leg?: string;
  readonly accesses: readonly string[];
  readonly decision?: string;
}

export type ExceptionKind =
  /** Data were reached that nobody had decided on. */
  | 'bypass'
  /** Data were reached though the decision forbade it. */
  | 'forbidden-access'
  /** A party of the agreement reached a leg that is none of its own. */
  | 'other-partys-leg'
  /** Somebody outside reached the room's data and no agreement explains it. */
  | 'unexplained'
  | 'ambiguous'
  /** S3's own log tells of it, CloudTrail does not. */
  | 'missing-from-trail'
  /** A permit ran out, and nothing was ever done by it: not needed, or its accesses are lost. */
  | 'unused-decision'
  /** A data key was decrypted, and the object not read: the read is lost, or came by another way. */
  | 'decrypt-without-read'
  /** Lake Formation handed out credentials that read nothing. */
  | 'vend-without-read'
  /** An SFTP session moved a file of which S3 knows nothing. */
  | 'sftp-without-object'
  /** The trail or the logging of a bucket was changed. */
  | 'logging-changed';

export interface Reconciliation {
  readonly exceptions: readonly AuditException[];
  /** Accesses at or after the watermark: not judged yet, what belongs to them may still come. */
  readonly pending: number;
}

/** Seconds that a decryption may be from its read: S3 asks KMS in the moment, or, for a bucket key, some time before. */
const DECRYPT_WINDOW = 60 * 60;

/** Takes attributed accesses one by one, in any order; memory grows with the objects that parties read, not with accesses. */
export interface Reconciler {
  readonly add: (attributed: AttributedAccess) => void;
  readonly finish: () => Reconciliation;
}

/**
 * Compares what happened with what was decided, and what each log tells with what the others do.
 * @param watermark UTC: by now every log has delivered all that is older
 */
export function reconcileAccesses(
  attributed: readonly AttributedAccess[],
  decisions: readonly RecordedDecision[],
  watermark: string,
): Reconciliation {
  const reconciler = openReconciler(decisions, watermark);
  for (const each of attributed) reconciler.add(each);
  return reconciler.finish();
}

/** The same as `reconcileAccesses`, one by one. */
export function openReconciler(decisions: readonly RecordedDecision[], watermark: string): Reconciler {
  const limit = Date.parse(watermark);
  const exceptions: AuditException[] = [];
  const usedDecisions = new Set<string>();
  const decryptions = openDecryptions();
  const vends = openVends();
  const transfers = openTransfers();
  let pending = 0;
  return {
    add: (attributed) => {
      const { joined, attribution } = attributed;
      const isSettled = Date.parse(joined.access.at) < limit;
      if (!isSettled) pending += 1;
      if (attribution.kind === 'attributed' && attribution.decision !== undefined) {
        usedDecisions.add(attribution.decision.id);
      }
      for (const check of [decryptions, vends, transfers]) check.add(attributed, isSettled);
      if (isSettled) exceptions.push(...judgeAccess(attributed));
    },
    finish: () => {
      const found = [
        ...exceptions,
        ...findUnusedDecisions(usedDecisions, decisions, limit),
        ...decryptions.finish(),
        ...vends.finish(),
        ...transfers.finish(),
      ];
      return { exceptions: found.toSorted(compareExceptions), pending };
    },
  };
}

/** Something that is an exception unless another access, which may come later, explains it. */
interface LoneCheck {
  readonly add: (attributed: AttributedAccess, isSettled: boolean) => void;
  readonly finish: () => readonly AuditException[];
}

/** What one access shows by itself. Refused attempts are no exceptions: the refusal is what was wanted. */
function judgeAccess({ joined, attribution }: AttributedAccess): readonly AuditException[] {
  const { access, otherSides, witnesses } = joined;
  const ids = [access, ...otherSides, ...witnesses].map(({ id }) => id);
  const exception = (kind: ExceptionKind, more: Partial<AuditException> = {}): AuditException => ({
    kind,
    at: access.at,
    accesses: ids,
    ...more,
  });
  const found: AuditException[] = [];
  if (access.outcome !== 'allowed') return found;
  if (access.act === 'logging') found.push(exception('logging-changed'));
  // A key in a stranger's hands is as good as the data; in a party's, its read is what counts.
  const reaches =
    reachOfAct(access.act) !== undefined || (access.act === 'decrypt' && attribution.kind === 'unattributed');
  if (!reaches) return found;
  switch (attribution.kind) {
    case 'internal':
    case 'own-door':
      return found;
    case 'ambiguous':
      return [...found, exception('ambiguous')];
    case 'unattributed':
      return [...found, exception('unexplained')];
    case 'attributed': {
      const { party, leg, role, decision } = attribution;
      const whose = { party, leg };
      if (access.witness === 's3-access-log') found.push(exception('missing-from-trail', whose));
      if (role === 'other-party') found.push(exception('other-partys-leg', whose));
      else if (decision === undefined) found.push(exception('bypass', whose));
      else if (decision.effect === 'forbid') {
        found.push(exception('forbidden-access', { ...whose, decision: decision.id }));
      }
      return found;
    }
  }
}

function findUnusedDecisions(
  used: ReadonlySet<string>,
  decisions: readonly RecordedDecision[],
  limit: number,
): readonly AuditException[] {
  return decisions
    .filter(
      ({ id, effect, until }) =>
        effect === 'permit' && until !== undefined && Date.parse(until) <= limit && !used.has(id),
    )
    .map(({ id, at, party, leg }) => ({ kind: 'unused-decision', at, party, leg, accesses: [], decision: id }));
}

/** A read within the window, by the same party, of the object or, with a bucket key, of any in the bucket. */
function openDecryptions(): LoneCheck {
  /** By party and object: the seconds in which it was read. */
  const reads = new Map<string, Set<number>>();
  const decrypted: { readonly object: string; readonly exception: AuditException }[] = [];
  const noteRead = (name: string, second: number) => {
    const seconds = reads.get(name);
    if (seconds === undefined) reads.set(name, new Set([second]));
    else seconds.add(second);
  };
  return {
    add: ({ joined: { access }, attribution }, isSettled) => {
      const party = findSoleParty(attribution);
      if (party === undefined) return;
      // An upload in parts decrypts what it puts together.
      const isUpload = access.act === 'write' && attribution.kind === 'attributed' && attribution.role === 'giver';
      if ((access.act === 'read' || isUpload) && access.resource.kind === 'object') {
        const { bucket, key = '' } = access.resource;
        const second = readSecond(access.at);
        noteRead(`${party} arn:aws:s3:::${bucket}`, second);
        noteRead(`${party} arn:aws:s3:::${bucket}/${key}`, second);
      }
      if (access.act !== 'decrypt' || access.outcome !== 'allowed' || !isSettled) return;
      const object = access.joins.object?.replace(/^arn:[\w-]+:s3/, 'arn:aws:s3') ?? '';
      const leg = attribution.kind === 'attributed' ? { leg: attribution.leg } : {};
      const exception = { kind: 'decrypt-without-read', at: access.at, party, ...leg, accesses: [access.id] } as const;
      decrypted.push({ object: `${party} ${object}`, exception });
    },
    finish: () =>
      decrypted.flatMap(({ object, exception }) => {
        const second = readSecond(exception.at);
        const isNear = [...(reads.get(object) ?? [])].some((read) => Math.abs(read - second) <= DECRYPT_WINDOW);
        return isNear ? [] : [exception];
      }),
  };
}

/** The party, where all that fits agrees on it: a bucket's key serves all legs in the bucket. */
function findSoleParty(attribution: Attribution): string | undefined {
  if (attribution.kind === 'attributed') return attribution.party;
  if (attribution.kind !== 'ambiguous') return undefined;
  const [party, ...others] = new Set(attribution.candidates.map((candidate) => candidate.party));
  return others.length === 0 ? party : undefined;
}

function readSecond(at: string): number {
  return Math.floor(Date.parse(at) / 1000);
}

/** Credentials of Lake Formation that no read used. */
function openVends(): LoneCheck {
  const used = new Set<string>();
  const vended: AuditException[] = [];
  return {
    add: ({ joined, attribution }, isSettled) => {
      for (const { id } of joined.vendedBy) used.add(id);
      const { access, otherSides } = joined;
      const lake = access.act === 'vend' && access.service === 'lakeformation' && access.outcome === 'allowed';
      if (!isSettled || !lake || attribution.kind !== 'attributed') return;
      const { party, leg } = attribution;
      const accesses = [access, ...otherSides].map(({ id }) => id);
      vended.push({ kind: 'vend-without-read', at: access.at, party, leg, accesses });
    },
    finish: () => vended.filter(({ accesses }) => !accesses.some((id) => used.has(id))),
  };
}

/** Transfer's own word for a file against S3's, session by session. */
function openTransfers(): LoneCheck {
  const seen = new Set<string>();
  const moved: { readonly session: string | undefined; readonly exception: AuditException }[] = [];
  return {
    add: ({ joined: { access }, attribution }, isSettled) => {
      const { session } = access.joins;
      if (access.service === 's3' && session !== undefined) seen.add(session);
      const moves = access.service === 'transfer' && (access.act === 'read' || access.act === 'write');
      if (!isSettled || !moves || access.outcome !== 'allowed') return;
      const whose = attribution.kind === 'attributed' ? { party: attribution.party, leg: attribution.leg } : {};
      const exception = { kind: 'sftp-without-object', at: access.at, ...whose, accesses: [access.id] } as const;
      moved.push({ session, exception });
    },
    finish: () =>
      moved.flatMap(({ session, exception }) => (session !== undefined && seen.has(session) ? [] : [exception])),
  };
}

function compareExceptions(left: AuditException, right: AuditException): number {
  return Date.parse(left.at) - Date.parse(right.at) || (left.kind < right.kind ? -1 : Number(left.kind > right.kind));
}
