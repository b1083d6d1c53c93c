import { Stack } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-glue';
import type { Construct } from 'constructs';

interface TrailTableProps {
  readonly database: string;
  readonly trailBucket: string;
}

/**
 * The records of the trail as a table. Its partitions need no upkeep: Athena works the folder of a region and a day out
 * of the query, which has to name the region.
 */
export class TrailTable extends CfnTable {
  constructor(scope: Construct, id: string, { database, trailBucket }: TrailTableProps) {
    const { account } = Stack.of(scope);
    const location = `s3://${trailBucket}/AWSLogs/${account}/CloudTrail/`;
    super(scope, id, {
      catalogId: account,
      databaseName: database,
      tableInput: {
        name: 'trail',
        description:
          "Who did what: CloudTrail's records, by region and day, e.g. where region = 'eu-central-1' and day >= '2026/01/01'",
        tableType: 'EXTERNAL_TABLE',
        partitionKeys: [
          { name: 'region', type: 'string' },
          { name: 'day', type: 'string' },
        ],
        parameters: {
          EXTERNAL: 'TRUE',
          classification: 'cloudtrail',
          'projection.enabled': 'true',
          'projection.region.type': 'injected',
          'projection.day.type': 'date',
          'projection.day.format': 'yyyy/MM/dd',
          'projection.day.interval': '1',
          'projection.day.interval.unit': 'DAYS',
          'projection.day.range': `${FIRST_DAY},NOW`,
          'storage.location.template': `${location}\${region}/\${day}`,
        },
        storageDescriptor: {
          columns: Object.entries(COLUMNS).map(([name, type]) => ({ name, type })),
          location,
          inputFormat: 'com.amazon.emr.cloudtrail.CloudTrailInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
          serdeInfo: { serializationLibrary: 'org.apache.hive.hcatalog.data.JsonSerDe' },
        },
      },
    });
  }
}

/** Before any room stood. */
const FIRST_DAY = '2026/01/01';

/** CloudTrail's record, version 1.11: CloudTrail User Guide, "CloudTrail record contents". What varies by service is JSON. */
const COLUMNS: Readonly<Record<string, string>> = {
  eventversion: 'string',
  useridentity:
    'struct<type:string,principalid:string,arn:string,accountid:string,invokedby:string,accesskeyid:string,username:string,' +
    'sessioncontext:struct<attributes:struct<mfaauthenticated:string,creationdate:string>,' +
    'sessionissuer:struct<type:string,principalid:string,arn:string,accountid:string,username:string>,sourceidentity:string>>',
  eventtime: 'string',
  eventsource: 'string',
  eventname: 'string',
  awsregion: 'string',
  sourceipaddress: 'string',
  useragent: 'string',
  errorcode: 'string',
  errormessage: 'string',
  requestparameters: 'string',
  responseelements: 'string',
  additionaleventdata: 'string',
  requestid: 'string',
  eventid: 'string',
  readonly: 'string',
  resources: 'array<struct<arn:string,accountid:string,type:string>>',
  eventtype: 'string',
  recipientaccountid: 'string',
  sharedeventid: 'string',
  vpcendpointid: 'string',
  eventcategory: 'string',
};
