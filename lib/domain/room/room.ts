/** Where the room stands, which agreements it serves and how long it keeps what passes through it. */
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
  };
}
