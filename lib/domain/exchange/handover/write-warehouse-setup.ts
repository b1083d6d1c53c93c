import type { Delivery, PlannedTerm } from '../../agreement/plan/plan';

/** Where a warehouse finds a leg's releases. */
export interface WarehouseSource {
  /** `<agreement>/<leg>`: names what is made in the warehouse. */
  readonly name: string;
  readonly title: string;
  readonly roleArn: string;
  /** The room's lake bucket. */
  readonly bucket: string;
  /** Ends in a slash. */
  readonly prefix: string;
}

/**
 * What an ACCOUNTADMIN of the receiver runs in Snowflake, once: a storage integration that reaches this leg's releases and
 * nothing else, and a stage on it (Snowflake reference, "CREATE STORAGE INTEGRATION").
 */
export function writeSnowflakeSetup(
  { name, title, roleArn, bucket, prefix }: WarehouseSource,
  { externalId }: Delivery & { readonly kind: 'snowflake' },
): string {
  const location = quoteLiteral(`s3://${bucket}/${prefix}`);
  const integration = quoteIdentifier(`BARTER ${name}`);
  return `-- 1. The integration. Snowflake shows its own IAM user with the last statement: it must be the one in the agreement.
CREATE STORAGE INTEGRATION IF NOT EXISTS ${integration}
  TYPE = EXTERNAL_STAGE
  STORAGE_PROVIDER = 'S3'
  ENABLED = TRUE
  STORAGE_AWS_ROLE_ARN = ${quoteLiteral(roleArn)}
  STORAGE_AWS_EXTERNAL_ID = ${quoteLiteral(externalId)}
  STORAGE_ALLOWED_LOCATIONS = (${location})
  COMMENT = ${quoteLiteral(title)};
DESCRIBE INTEGRATION ${integration};

-- 2. When the room's operator says that the role is open: a stage to load from, or to lay an external table over.
--    Each round has a folder, with certificate.json beside its data: load, or lay, by PATTERN = '.*[.]parquet'.
CREATE STAGE IF NOT EXISTS ${quoteIdentifier(`BARTER ${name}`)}
  STORAGE_INTEGRATION = ${integration}
  URL = ${location}
  FILE_FORMAT = (TYPE = PARQUET);
LIST @${quoteIdentifier(`BARTER ${name}`)};
`;
}

/** A string literal: a quote is doubled, and so is a backslash, which begins an escape there. No line ends in a name. */
export function quoteLiteral(text: string): string {
  return `'${text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "''")
    .replaceAll(/\p{Cc}/gu, ' ')}'`;
}

/** A quoted identifier: taken as written, but for a quote, which is doubled. */
export function quoteIdentifier(text: string): string {
  return `"${text.replaceAll('"', '""').replaceAll(/\p{Cc}/gu, ' ')}"`;
}

/**
 * The job that the receiver creates with Google's Storage Transfer Service (`gcloud transfer` or `transferJobs.create`): once
 * a day while the agreement runs, new releases are copied; nothing is deleted on either side.
 * @param project The receiver's Google Cloud project.
 */
export function writeTransferJob(
  { name, title, roleArn, bucket, prefix }: WarehouseSource,
  via: Delivery & { readonly kind: 'gcs' },
  { starts, ends }: Pick<PlannedTerm, 'starts' | 'ends'>,
  project: string,
): string {
  const job = {
    description: `Barter ${name}: ${title}`,
    projectId: project,
    status: 'ENABLED',
    schedule: { scheduleStartDate: readDay(starts), scheduleEndDate: readDay(ends), repeatInterval: '86400s' },
    transferSpec: {
      awsS3DataSource: { bucketName: bucket, path: prefix, roleArn },
      gcsDataSink: { bucketName: via.bucket, path: prefix },
      transferOptions: { overwriteWhen: 'DIFFERENT', deleteObjectsUniqueInSink: false },
    },
  };
  return `${JSON.stringify(job, null, 2)}\n`;
}

function readDay(date: string) {
  const [year, month, day] = date.split('-').map(Number);
  return { year, month, day };
}
