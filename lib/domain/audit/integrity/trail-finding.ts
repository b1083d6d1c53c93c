/** Something that keeps a trail's files from being believed, and where. */
export interface TrailFinding {
  readonly kind: TrailFindingKind;
  /** `bucket/key` of the file that is wrong or missing. */
  readonly file: string;
  /** The field of the digest, or the part of the file, that shows it. */
  readonly field: string;
  /** In words, for the report. */
  readonly detail: string;
  /** Whether nothing in the file it is of can tell of the period: the report of its own time counts it. */
  readonly outside?: true;
}

export type TrailFindingKind =
  /** No gzip, no JSON, or a field that is not as it must be. */
  | 'unreadable-digest'
  | 'unreadable-log'
  /** Bytes behind the gzip data, in a digest or a log file. */
  | 'trailing-data'
  /** No signature in the object's metadata, or of another kind. */
  | 'unsigned'
  | 'unknown-key'
  /** Signed outside the time for which AWS lists the key. */
  | 'expired-key'
  | 'wrong-signature'
  /** Not where it says it is. */
  | 'moved'
  /** Name and content disagree on account, region, trail or time. */
  | 'inconsistent'
  /** Two files with the same name. */
  | 'repeated-file'
  | 'missing-digest'
  | 'wrong-previous-hash'
  | 'wrong-previous-signature'
  /** Two digests follow the same one. */
  | 'forked'
  /** Time between two digests that neither covers, or that both cover. */
  | 'gap'
  | 'overlap'
  /** The period asked for begins before the first digest, or ends after the last. */
  | 'not-covered'
  | 'missing-log'
  | 'altered-log'
  /** Two digests name the log file. */
  | 'repeated-log'
  /** A digest names a log file of another account or region. */
  | 'foreign-log'
  /** A log file that no digest names. */
  | 'unnamed-log'
  /** A log file that is newer than the last digest: the next one should name it. */
  | 'undigested-log';

/** Findings that may stand in an honest trail; all others mean that something was changed, lost or never validated. */
const NOTICES: ReadonlySet<TrailFindingKind> = new Set(['undigested-log', 'repeated-log']);

export function isNotice({ kind, outside }: TrailFinding): boolean {
  return outside === true || NOTICES.has(kind);
}
