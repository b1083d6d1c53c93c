/** The region whose list prices these are, in US dollars, before tax, free tier and discounts. A month has 730 hours. */
export const PRICED_REGION = 'us-east-1';
/** When the sources below were read, in copies that search engines keep of them. */
export const LOOKED_UP = 'November 2026';

/** Where a price was read. */
type PriceSource =
  /** On a page of AWS itself. */
  | { readonly kind: 'aws'; readonly page: string }
  /** Elsewhere, by whom, of which date as far as the page has one. */
  | { readonly kind: 'elsewhere'; readonly page: string; readonly dated: string }
  /** Nowhere: from memory. */
  | { readonly kind: 'unverified' };

export interface Price {
  readonly dollars: number;
  readonly per: string;
  readonly source: PriceSource;
}

const aws = (page: string): PriceSource => ({ kind: 'aws', page });
const elsewhere = (page: string, dated: string): PriceSource => ({ kind: 'elsewhere', page, dated });
const UNVERIFIED: PriceSource = { kind: 'unverified' };

const S3_SOURCE = elsewhere('devnotes.tech, Understanding AWS S3 Pricing', 'undated');
const DYNAMODB_SOURCE = elsewhere('airbyte.com, DynamoDB pricing', 'July 2025');
const CLOUDWATCH_SOURCE = elsewhere('factualminds.com, Amazon CloudWatch Pricing', 'June 2026');
const LAMBDA_SOURCE = aws('docs.aws.amazon.com, How AWS Pricing Works: Lambda');

export const PRICES = {
  kmsKey: { dollars: 1, per: 'KMS key and month', source: aws('aws.amazon.com/kms/pricing') },
  kmsRequest: {
    dollars: 0.03 / 10_000,
    per: 'KMS request',
    source: elsewhere('cloudburn.io, AWS KMS Pricing', 'March 2026'),
  },
  transferHour: {
    dollars: 0.3,
    per: 'hour of an SFTP server',
    source: elsewhere('docs.unusd.cloud, Transfer Family', 'undated'),
  },
  transferGb: { dollars: 0.04, per: 'GB by SFTP', source: UNVERIFIED },
  /** The first copy of management events is free. */
  dataEvent: { dollars: 0.1 / 100_000, per: 'CloudTrail data event', source: aws('aws.amazon.com/cloudtrail/pricing') },
  s3Month: { dollars: 0.023, per: 'GB and month in S3 Standard', source: S3_SOURCE },
  s3Write: { dollars: 0.005 / 1000, per: 'S3 write', source: S3_SOURCE },
  glueHour: {
    dollars: 0.44,
    per: 'Glue DPU-hour',
    source: elsewhere('awsnegotiations.com, Glue Job Cost Optimization', 'May 2026'),
  },
  glueFlexHour: { dollars: 0.29, per: 'Glue FLEX DPU-hour', source: UNVERIFIED },
  transition: {
    dollars: 0.025 / 1000,
    per: 'step of a standard workflow',
    source: aws('aws.amazon.com/step-functions/pricing'),
  },
  tableWrite: { dollars: 0.625 / 1e6, per: 'DynamoDB write, on demand', source: DYNAMODB_SOURCE },
  tableRead: { dollars: 0.125 / 1e6, per: 'DynamoDB read, on demand', source: DYNAMODB_SOURCE },
  alarm: { dollars: 0.1, per: 'CloudWatch alarm and month', source: UNVERIFIED },
  dashboard: { dollars: 3, per: 'CloudWatch dashboard and month', source: CLOUDWATCH_SOURCE },
  logGb: { dollars: 0.5, per: 'GB of logs', source: CLOUDWATCH_SOURCE },
  scannedGb: {
    dollars: 5 / 1000,
    per: 'GB that Athena scans',
    source: elsewhere('rcpedia.stanford.edu, Athena', 'undated'),
  },
  /** Of one's own; those of AWS services are free. */
  event: { dollars: 1 / 1e6, per: 'event on EventBridge', source: UNVERIFIED },
  call: { dollars: 0.2 / 1e6, per: 'Lambda call', source: LAMBDA_SOURCE },
  gbSecond: { dollars: 0.0000166667, per: 'Lambda GB-second', source: LAMBDA_SOURCE },
} as const satisfies Readonly<Record<string, Price>>;
