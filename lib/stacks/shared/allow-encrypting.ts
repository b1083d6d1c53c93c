import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { allow } from './allow';

/** To read and write what lies under a key. The data's key is used by way of S3 and DynamoDB alone, whoever asks: its own policy says so. */
export function allowEncrypting(key: IKey): PolicyStatement {
  return allow(['kms:Decrypt', 'kms:GenerateDataKey'], key.keyArn);
}
