import { createHash } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { recordAccesses } from '../../lib/domain/audit/ledger/record-accesses';
import { openCheckpointSigner, publishCheckpointTo } from '../publish-checkpoint';
import { requireEnv } from '../require-env';
import { openS3LedgerStore } from '../s3-ledger-store';
import { type EnterAccesses, recordAccess } from './record-access';

const logger = new Logger({ serviceName: 'record-access' });
const [s3, kms] = [new S3Client(), new KMSClient()];
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest());

const enter: EnterAccesses = async (accesses) => {
  const store = openS3LedgerStore(s3, requireEnv('LEDGER_BUCKET'), 'ledger/');
  const origin = requireEnv('LEDGER_ORIGIN');
  const signer = await openCheckpointSigner(kms, requireEnv('LEDGER_KEY_ARN'), origin);
  return recordAccesses(sha256, origin, store, accesses, publishCheckpointTo(store, signer, sha256));
};

export const handler = (event: unknown): Promise<void> => recordAccess(event, enter, logger);
