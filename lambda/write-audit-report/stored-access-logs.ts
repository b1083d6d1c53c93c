import type { S3Client } from '@aws-sdk/client-s3';
import { INPUT_LABELS } from '../../lib/audit/grounds/input-names';
import type { StoredLogs } from '../../lib/audit/logs/kept-scan';
import { fetchFiles, fetchObject } from './fetch-files';
import { listStored } from './list-stored';

interface AccessLogs {
  readonly s3: S3Client;
  readonly bucket: string;
  /** Below which the logs of each watched bucket lie. */
  readonly prefixes: readonly string[];
  readonly days: readonly string[];
  readonly folder: string;
}

/** What S3 itself wrote of the requests for objects: `<prefix>YYYY-MM-DD-hh-mm-ss-<random>`. Files are named as the command line names them. */
export function openAccessLogs({ s3, bucket, prefixes, days, folder }: AccessLogs): StoredLogs {
  const list = async (day: string) => {
    const listed = await Promise.all(prefixes.map((prefix) => listStored(s3, bucket, `${prefix}${day}-`)));
    return listed.flat().map((log) => ({ ...log, file: `${ACCESS_LOGS}${log.file}` }));
  };
  return {
    prefix: ACCESS_LOGS,
    days,
    list,
    fetch: (files) =>
      fetchFiles(folder, files, async ({ file }, path) => ({
        ...(await fetchObject(s3, bucket, file.slice(ACCESS_LOGS.length), path)),
        file,
      })),
  };
}

const ACCESS_LOGS = `${INPUT_LABELS.serverAccess}/`;
