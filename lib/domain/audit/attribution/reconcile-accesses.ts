import type { Access } from '../access';
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

/** Acts by which data are reached. */
const REACHES: ReadonlySet<Access['act']> = new Set(['read', 'write', 'delete', 'list', 'vend', 'query', 'export']);

/** How far a decryption may be from its read: S3 asks KMS in the moment, or, for a bucket key, some time before. */
const DECRYPT_WINDOW_MS = 60 * 60 * 1000;

/**
 * Compares what happened with what was decided, and what each log tells with what the others do.
 * @param watermark UTC: by now every log has delivered all that is older
 */
export function reconcileAccesses(
  attributed: readonly AttributedAccess[],
  decisions: readonly RecordedDecision[],
  watermark: string,
): Reconciliation {
  const limit = Date.parse(watermark);
  const settled = attributed.filter(({ joined }) => Date.parse(joined.access.at) < limit);
  const exceptions = [
    ...settled.flatMap(judgeAccess),
    ...findUnusedDecisions(attributed, decisions, limit),
    ...findLoneDecryptions(settled, attributed),
    ...findLoneVends(settled, attributed),
    ...findLoneTransfers(settled, attributed),
  ];
  return { exceptions: exceptions.toSorted(compareExceptions), pending: attributed.length - settled.length };
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
  const reaches = REACHES.has(access.act) || (access.act === 'decrypt' && attribution.kind === 'unattributed');
  if (!reaches) return found;
  switch (attribution.kind) {
    case 'internal':
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
  attributed: readonly AttributedAccess[],
  decisions: readonly RecordedDecision[],
  limit: number,
): readonly AuditException[] {
  const used = new Set(
    attributed.flatMap(({ attribution: a }) => (a.kind === 'attributed' ? (a.decision?.id ?? []) : [])),
  );
  return decisions
    .filter(
      ({ id, effect, until }) =>
        effect === 'permit' && until !== undefined && Date.parse(until) <= limit && !used.has(id),
    )
    .map(({ id, at, party, leg }) => ({ kind: 'unused-decision', at, party, leg, accesses: [], decision: id }));
}

/** A read within the window, by the same party, of the object or, with a bucket key, of any in the bucket. */
function findLoneDecryptions(
  settled: readonly AttributedAccess[],
  all: readonly AttributedAccess[],
): readonly AuditException[] {
  const reads = new Map<string, number[]>();
  for (const { joined, attribution } of all) {
    const { access } = joined;
    const party = findSoleParty(attribution);
    if (access.act !== 'read' || access.resource.kind !== 'object' || party === undefined) continue;
    const { bucket, key = '' } = access.resource;
    for (const object of [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/${key}`]) {
      const name = `${party} ${object}`;
      const times = reads.get(name);
      if (times === undefined) reads.set(name, [Date.parse(access.at)]);
      else times.push(Date.parse(access.at));
    }
  }
  return settled.flatMap(({ joined, attribution }): readonly AuditException[] => {
    const { access } = joined;
    const party = findSoleParty(attribution);
    if (access.act !== 'decrypt' || access.outcome !== 'allowed' || party === undefined) return [];
    const object = access.joins.object?.replace(/^arn:[\w-]+:s3/, 'arn:aws:s3') ?? '';
    const times = reads.get(`${party} ${object}`) ?? [];
    const near = times.some((time) => Math.abs(time - Date.parse(access.at)) <= DECRYPT_WINDOW_MS);
    const leg = attribution.kind === 'attributed' ? { leg: attribution.leg } : {};
    return near ? [] : [{ kind: 'decrypt-without-read', at: access.at, party, ...leg, accesses: [access.id] }];
  });
}

/** The party, where all that fits agrees on it: a bucket's key serves all legs in the bucket. */
function findSoleParty(attribution: Attribution): string | undefined {
  if (attribution.kind === 'attributed') return attribution.party;
  if (attribution.kind !== 'ambiguous') return undefined;
  const [party, ...others] = new Set(attribution.candidates.map((candidate) => candidate.party));
  return others.length === 0 ? party : undefined;
}

function findLoneVends(
  settled: readonly AttributedAccess[],
  all: readonly AttributedAccess[],
): readonly AuditException[] {
  const used = new Set(all.flatMap(({ joined }) => joined.vendedBy.map(({ id }) => id)));
  return settled.flatMap(({ joined, attribution }): readonly AuditException[] => {
    const { access, otherSides } = joined;
    const copies = [access, ...otherSides].map(({ id }) => id);
    const lake = access.act === 'vend' && access.service === 'lakeformation' && access.outcome === 'allowed';
    if (!lake || attribution.kind !== 'attributed' || copies.some((id) => used.has(id))) return [];
    const { party, leg } = attribution;
    return [{ kind: 'vend-without-read', at: access.at, party, leg, accesses: copies }];
  });
}

/** Transfer's own word for a file against S3's, session by session. */
function findLoneTransfers(
  settled: readonly AttributedAccess[],
  all: readonly AttributedAccess[],
): readonly AuditException[] {
  const seen = new Set(
    all.flatMap(({ joined: { access } }) => (access.service === 's3' ? (access.joins.session ?? []) : [])),
  );
  return settled.flatMap(({ joined, attribution }): readonly AuditException[] => {
    const { access } = joined;
    const { session } = access.joins;
    const moved = access.service === 'transfer' && (access.act === 'read' || access.act === 'write');
    if (!moved || access.outcome !== 'allowed' || (session !== undefined && seen.has(session))) return [];
    const whose = attribution.kind === 'attributed' ? { party: attribution.party, leg: attribution.leg } : {};
    return [{ kind: 'sftp-without-object', at: access.at, ...whose, accesses: [access.id] }];
  });
}

function compareExceptions(left: AuditException, right: AuditException): number {
  return Date.parse(left.at) - Date.parse(right.at) || (left.kind < right.kind ? -1 : Number(left.kind > right.kind));
}
