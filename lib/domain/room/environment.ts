/** Names of what stacks tell Lambda functions by their environment: the one list for both. */
export type EnvironmentName =
  /** Of the runtime itself. */
  | 'AWS_REGION'
  /** ARN of the topic of those who are told. */
  | 'ALERT_TOPIC_ARN'
  /** Name of the bucket of the access ledger and the audit reports. */
  | 'LEDGER_BUCKET'
  /** What the access ledger is called for good, and ARN of the key that signs its checkpoints. */
  | 'LEDGER_ORIGIN'
  | 'LEDGER_KEY_ARN'
  /** Name of the DynamoDB table of agreements and conduct. */
  | 'REGISTRY_TABLE'
  /** Name of the room's own event bus. */
  | 'ROOM_BUS'
  /** Where Lambda answers in the room's region: `https://…`. */
  | 'LAMBDA_ENDPOINT'
  /** 12 digits: the account that the room stands in. */
  | 'ROOM_ACCOUNT'
  /** The landing and the lake bucket, by name and by ARN, and the ARN of the key that they are encrypted with. */
  | 'LANDING_BUCKET'
  | 'LANDING_BUCKET_ARN'
  | 'LAKE_BUCKET'
  | 'LAKE_BUCKET_ARN'
  | 'ROOM_KEY_ARN'
  /** ARN of the policy that allows nothing: the boundary of roles that are closed. */
  | 'NOTHING_POLICY_ARN'
  /** ARN of the role that links to read by are signed with. */
  | 'LINK_ROLE_ARN'
  /** Of a peer's room: ARN of the key that it signs with, and how the ARNs of another room's buses begin. */
  | 'SIGNING_KEY_ARN'
  | 'PEER_BUSES'
  /** Name of the bucket of the trail. */
  | 'TRAIL_BUCKET'
  /** Names of the bucket of S3's own logs and, where there is one, of the log group of the SFTP server; ARN of the trail. */
  | 'ACCESS_LOG_BUCKET'
  | 'TRANSFER_LOG_GROUP'
  | 'TRAIL_ARN'
  /** `hosted` or `peer`; and whose account it is, where it is a party's. */
  | 'ROOM_TOPOLOGY'
  | 'OPERATOR_PARTY';

/** What stands for the account in `PEER_BUSES`. */
export const ANY_ACCOUNT = 'ACCOUNT';
