/** Where the room stands, whose it is, which agreements it serves and how long it keeps what passes through it. */
export interface Room {
  /** 12 digits; absent: the account of whoever deploys. */
  readonly account?: string;
  /** Absent: the region of whoever deploys. */
  readonly region?: string;
  /** Folder of agreements, as written: relative to the room's file. */
  readonly agreements: string;
  /** In days. What an agreement says of a leg's releases (`retain`) holds for those. */
  readonly retention: {
    /** Raw data that a party handed in. */
    readonly deliveries: number;
    /** Results of queries. */
    readonly results: number;
    /** What has been overwritten, deleted or has run out: how long it can still be brought back. */
    readonly replaced: number;
    /** S3's own logs of who asked for which object. */
    readonly accessLogs: number;
    /** The trail and the access ledger: locked so long against everybody, the account's administrators included. */
    readonly logs: number;
  };
  /** 12 digits: the account that keeps the trail; absent: the room's own. Only with `account` and `region`. */
  readonly logArchiveAccount?: string;
  readonly topology: Topology;
  /** Of a hosted room: the party whose account it stands in; absent: a neutral operator's. */
  readonly operatorParty?: string;
  readonly sftp: SftpEndpoint;
  /** How deliveries are worked on: by Glue, on workers of 4 processors and 16 GB each. */
  readonly jobs: {
    /** Cheaper, and may wait for machines. */
    readonly flex: boolean;
    /** The most that one run may use, 2 to 100. */
    readonly maxWorkers: number;
  };
  /** E-mail addresses. */
  readonly alarms: readonly string[];
  /** ARNs of roles that may take up the auditor's: of people who sign in somewhere else, or of an auditor's own account. */
  readonly auditors: readonly string[];
  /**
   * Legs, as `<agreement>/<leg>`, whose receiver has set up its warehouse's side. The role of any other leg to a warehouse
   * trusts nobody.
   */
  readonly warehouses: readonly string[];
}

/** One room for all parties, or a room for each, this being the given party's. */
type Topology = { readonly kind: 'hosted' } | { readonly kind: 'peer'; readonly party: string };

/** Where parties reach the SFTP server, which costs by the hour: off unless one needs it. */
export type SftpEndpoint =
  | { readonly kind: 'off' | 'public' }
  | { readonly kind: 'vpc'; readonly vpcId: string; readonly subnetIds: readonly string[] };
