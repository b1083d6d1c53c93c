/**
 * Something that happened to shared data or to what opens it, as one log witnessed it. Two logs, or two accounts'
 * copies, give two accesses; `joinAccesses` puts them together.
 */
export interface Access {
  /**
   * The same for every copy of the same record, different for any other: CloudTrail's event and receiving account, or a
   * hash of the line. The ledger keeps one entry per id.
   */
  readonly id: string;
  readonly witness: Witness;
  /** UTC, ISO 8601. */
  readonly at: string;
  readonly region?: string;
  /** e.g. `s3`, `lakeformation`: the event source without its domain. */
  readonly service: string;
  /** As AWS names it, e.g. `GetObject`. */
  readonly operation: string;
  readonly act: Act;
  readonly outcome: 'allowed' | 'denied' | 'failed';
  /** AWS's error code, when it was not allowed. */
  readonly error?: string;
  readonly actor: Actor;
  /** 12 digits: whose data, key, server or share it is. */
  readonly owner?: string;
  /** 12 digits: the account whose log tells it. */
  readonly recordedBy?: string;
  readonly resource: Resource;
  /** 12 digits: to whom something is granted or shared, where the operation names an account. */
  readonly receiver?: string;
  /**
   * All whom a permission, grant, share or policy lets in, where the call names accounts: 12 digits each, `*` for everybody.
   */
  readonly grantees?: readonly string[];
  /** Data bytes that left and entered, where the record says so. */
  readonly bytes?: { readonly out: number; readonly in: number };
  readonly joins: Joins;
  readonly client?: { readonly ip?: string; readonly agent?: string };
}

type Witness = 'cloudtrail' | 'transfer-log' | 'event-bus' | 's3-access-log';

/** What an operation amounts to. */
export type Act =
  | 'read'
  | 'write'
  | 'delete'
  | 'list'
  | 'describe'
  /** Credentials or a session are handed out: not yet an access to data. */
  | 'vend'
  | 'decrypt'
  /** Any other use of a key. */
  | 'key-use'
  | 'query'
  | 'export'
  /** An SFTP session begins or ends. */
  | 'session'
  /** A permission, share, grant or marketplace agreement is made, changed or withdrawn. */
  | 'permit'
  /** A revision is finalised or announced. */
  | 'publish'
  /** The logging itself is changed. */
  | 'logging'
  /** The room itself is changed: its code, roles, jobs, ways, or what is on record. */
  | 'change';

/**
 * Whether it had an effect, or data went out by it. A download by SFTP that is broken off has failed, and all but its end is with
 * the receiver; what goes out with any other call that failed is the error's own text.
 */
export function hasMoved({ bytes, outcome, service }: Pick<Access, 'bytes' | 'outcome' | 'service'>): boolean {
  const isBrokenOff = service === 'transfer' && outcome === 'failed' && (bytes?.out ?? 0) > 0;
  return outcome === 'allowed' || isBrokenOff;
}

export type Actor =
  | {
      readonly kind: 'account';
      /** 12 digits. */
      readonly account: string;
      readonly arn?: string;
      readonly principalId?: string;
      /** The AWS service that acted on the account's behalf, e.g. `athena.amazonaws.com`. */
      readonly invokedBy?: string;
    }
  /** AWS itself: never a partner. */
  | { readonly kind: 'aws-service'; readonly service: string }
  | { readonly kind: 'sftp-user'; readonly user: string; readonly server?: string }
  /** S3's own name of an account, where a log gives nothing better. */
  | { readonly kind: 'canonical-user'; readonly id: string }
  /** Somebody whom another provider signed in, e.g. `accounts.google.com`: of no account of AWS. */
  | { readonly kind: 'web-identity'; readonly provider: string; readonly subject: string }
  /** Somebody whom a provider of single sign-on that an account has (SAML, IAM Identity Center) signed in. `provider`: its ARN. */
  | { readonly kind: 'sso-user'; readonly provider: string; readonly subject: string }
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'unknown' };

export type Resource =
  | { readonly kind: 'object'; readonly bucket: string; readonly key?: string }
  | { readonly kind: 'table'; readonly arn: string }
  | { readonly kind: 'data-set'; readonly id: string; readonly revision?: string }
  | { readonly kind: 'key'; readonly arn: string }
  | { readonly kind: 'sftp'; readonly server: string; readonly path?: string }
  /** Anything else, by ARN or id. */
  | { readonly kind: 'other'; readonly id: string }
  | { readonly kind: 'none' };

/** What ties this access to others. */
export interface Joins {
  /** The same in both accounts' copies of one CloudTrail event. */
  readonly sharedEvent?: string;
  /** S3's and KMS's id of the request, the same in CloudTrail and in S3's server access log. */
  readonly request?: string;
  /** Session name of the role that Lake Formation handed out; S3 reads with it carry it in their ARN. */
  readonly lakeFormationSession?: string;
  /** The decision that gave the link by which it was done: the session that signed the link is named for it. */
  readonly link?: string;
  /** `sts:SourceIdentity`, e.g. `V2.111122223333.AROA…`. */
  readonly sourceIdentity?: string;
  /** Lake Formation's principal, where the partner lets it be copied. */
  readonly principal?: string;
  /** Transfer's session. */
  readonly session?: string;
  /** Athena's or another engine's query. */
  readonly query?: string;
  /** Bucket and key of the object whose data key KMS decrypted, from the encryption context's `aws:s3:arn`. */
  readonly object?: string;
}

/** Where a record was read. */
export interface Evidence {
  /** Bucket and key, or the path within the folder of logs. */
  readonly file: string;
  /** Position of the record in it, from 0. */
  readonly record: number;
}

/** And how anybody sees that the file is the same. */
export interface HashedEvidence extends Evidence {
  /** SHA-256 of the file as it lay there, hex. */
  readonly sha256: string;
}
