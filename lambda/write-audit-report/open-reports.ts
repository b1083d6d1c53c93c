import { HeadObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { putFile } from '../shared/put-file';
import { requireEnv } from '../shared/require-env';
import type { StepSurroundings } from './take-step';

const s3 = new S3Client();

/** Reports in the ledger's bucket, which locks them. */
export function openReports(): Pick<StepSurroundings, 'has' | 'put'> {
  const Bucket = requireEnv('LEDGER_BUCKET');
  return {
    has: async (Key) => {
      try {
        await s3.send(new HeadObjectCommand({ Bucket, Key }));
        return true;
      } catch (error) {
        if (error instanceof S3ServiceException && error.name === 'NotFound') return false;
        throw error;
      }
    },
    put: (Key, { path }) => putFile(s3, path, { Bucket, Key, ContentType: typeOf(Key) }),
  };
}

function typeOf(key: string): string {
  return TYPES.find(([ending]) => key.endsWith(ending))?.[1] ?? 'text/plain; charset=utf-8';
}

const TYPES = [
  ['.html', 'text/html; charset=utf-8'],
  ['.csv', 'text/csv; charset=utf-8'],
  ['.jsonl', 'application/jsonl'],
  ['.json', 'application/json'],
] as const;
