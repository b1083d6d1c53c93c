/** What the stand-in for AWS Data Exchange knows. */
export interface ExchangeState {
  readonly dataSets: Map<string, StoredDataSet>;
  readonly revisions: Map<string, StoredRevision>;
  readonly assets: Map<string, StoredAsset>;
  readonly jobs: Map<string, StoredJob>;
  readonly grants: Map<string, StoredGrant>;
  readonly notifications: StoredNotification[];
  /** Ids that were given. */
  readonly ids: string[];
}

export interface StoredDataSet {
  readonly Id: string;
  readonly Arn: string;
  readonly owner: string;
  readonly AssetType: string;
  readonly Name: string;
  readonly Description: string;
  readonly Origin: 'OWNED';
  readonly CreatedAt: string;
  UpdatedAt: string;
  readonly Tags?: unknown;
}

export interface StoredRevision {
  readonly Id: string;
  readonly Arn: string;
  readonly DataSetId: string;
  Comment?: string;
  Finalized: boolean;
  Revoked: boolean;
  RevocationComment?: string;
  RevokedAt?: string;
  readonly CreatedAt: string;
  UpdatedAt: string;
  readonly Tags?: unknown;
}

export interface StoredAsset {
  readonly Id: string;
  readonly Arn: string;
  readonly DataSetId: string;
  readonly RevisionId: string;
  readonly AssetType: 'S3_SNAPSHOT';
  readonly Name: string;
  readonly AssetDetails: { readonly S3SnapshotAsset: { readonly Size: number } };
  readonly CreatedAt: string;
  readonly UpdatedAt: string;
}

export interface StoredJob {
  readonly Id: string;
  readonly Arn: string;
  readonly owner: string;
  readonly Type: 'IMPORT_ASSETS_FROM_S3';
  readonly Details: { readonly ImportAssetsFromS3: ImportDetails };
  State: 'WAITING' | 'IN_PROGRESS' | 'ERROR' | 'COMPLETED' | 'CANCELLED' | 'TIMED_OUT';
  Errors?: readonly { readonly Code: string; readonly Message: string }[];
  /** How often it is still told to be in progress. */
  polls: number;
  readonly CreatedAt: string;
  UpdatedAt: string;
}

export interface ImportDetails {
  readonly DataSetId: string;
  readonly RevisionId: string;
  readonly AssetSources: readonly { readonly Bucket: string; readonly Key: string }[];
}

export interface StoredGrant {
  readonly Id: string;
  readonly Arn: string;
  readonly Name: string;
  readonly Description?: string;
  readonly SenderPrincipal: string;
  readonly ReceiverPrincipal: string;
  readonly GrantDistributionScope: string;
  readonly SourceDataSetId: string;
  /** The receiver's own id of the data set. */
  readonly DataSetId: string;
  AcceptanceState: 'PENDING_RECEIVER_ACCEPTANCE' | 'ACCEPTED';
  AcceptedAt?: string;
  readonly EndsAt?: string;
  readonly CreatedAt: string;
  UpdatedAt: string;
}

export interface StoredNotification {
  readonly dataSet: string;
  /** By which it is known again when it is sent again; of the SDK where the caller gives none. */
  readonly token: string;
  readonly type: string;
  readonly comment?: string;
}

export function emptyExchange(): ExchangeState {
  return {
    dataSets: new Map(),
    revisions: new Map(),
    assets: new Map(),
    jobs: new Map(),
    grants: new Map(),
    notifications: [],
    ids: [],
  };
}
