import { Stack } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-glue';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { type CatalogueTable, ROUND_COLUMN } from '../../domain/room/catalogue';

/** A table of the data catalogue over Parquet files in `bucket`, a partition for every round. */
export class ParquetTable extends CfnTable {
  constructor(scope: Construct, id: string, table: CatalogueTable, bucket: IBucket) {
    super(scope, id, {
      catalogId: Stack.of(scope).account,
      databaseName: table.database,
      tableInput: {
        name: table.name,
        description: shorten(table.title, 2048),
        tableType: 'EXTERNAL_TABLE',
        parameters: { EXTERNAL: 'TRUE', classification: 'parquet' },
        partitionKeys: [{ name: ROUND_COLUMN, type: 'string' }],
        storageDescriptor: {
          columns: table.columns.map(({ name, type, title }) => ({ name, type, comment: shorten(title, 255) })),
          location: bucket.s3UrlForObject(table.prefix),
          inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
          serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
        },
      },
    });
  }
}

/** Glue counts bytes: three at the most for each of UTF-16's units. */
function shorten(text: string, bytes: number): string {
  return text.slice(0, Math.floor(bytes / 3));
}
