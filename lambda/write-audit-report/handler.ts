import { PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { requireEnv } from '../require-env';
import { type PutOnce, writeReport } from './write-report';

const s3 = new S3Client();

const put: PutOnce = async ({ key, body }) => {
  const object = { Bucket: requireEnv('LEDGER_BUCKET'), Key: key, Body: body, ContentType: 'application/json' };
  try {
    await s3.send(new PutObjectCommand({ ...object, IfNoneMatch: '*' }));
  } catch (error) {
    // It stands already: the schedule calls again after every failure.
    if (!(error instanceof S3ServiceException && error.name === 'PreconditionFailed')) throw error;
  }
};

export const handler = (event: unknown): Promise<never> => writeReport(event, put);
