import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { INPUTS } from '../../lib/audit/grounds/input-list';
import type { EarlierReports } from '../../lib/audit/grounds/mark-reported';
import { parseEarlierReport } from '../../lib/audit/grounds/read-earlier';
import { EXCEPTION_TABLE } from '../../lib/audit/pack/exception-table';
import { REPORT } from '../../lib/audit/pack/read-pack-report';
import { MANIFEST_NOTE } from '../../lib/audit/pack/sign-pack';
import { compareEnds, type ReportedPeriod } from '../../lib/domain/audit/attribution/find-lateness';
import type { ToldEntries } from '../../lib/domain/audit/ledger/told-entries';
import { LEDGER_BUCKET } from '../../lib/domain/room/ledger-bucket';
import { mapAtOnce } from '../shared/map-at-once';
import { fetchObject } from './fetch-files';
import { isTime } from './report-period';

/** Days around a period that are read with it: only reports that end so near before were made of the same files. */
const NEAR_MS = 3 * 24 * 60 * 60 * 1000;
const AT_ONCE = 32;

/**
 * The reports that were written of the time before, the earliest first; absent: there are none.
 * @param folder where the lists of what they were made of are put
 */
export async function readEarlier(
  s3: S3Client,
  bucket: string,
  from: string,
  folder: string,
): Promise<EarlierReports | undefined> {
  const before = (await listPeriods(s3, bucket)).filter(({ to }) => Date.parse(to) <= Date.parse(from));
  const written = await mapAtOnce(before, AT_ONCE, (period) => isWritten(s3, bucket, period));
  const periods = before.filter((_, at) => written[at]).toSorted(compareEnds);
  if (periods.length === 0) return undefined;
  mkdirSync(folder, { recursive: true });
  const near = periods.filter(({ to }) => Date.parse(to) >= Date.parse(from) - NEAR_MS);
  const fetchAll = (name: string) =>
    mapAtOnce([...near.entries()], AT_ONCE, async ([at, period]) => {
      const path = join(folder, `earlier-${at}-${name}`);
      await fetchObject(s3, bucket, `${folderOf(period)}${name}`, path);
      return path;
    });
  const [inputs, exceptions] = [await fetchAll(INPUTS), await fetchAll(EXCEPTION_TABLE)];
  const told = await mapAtOnce(periods, AT_ONCE, (period) => readTold(s3, bucket, period));
  return { periods, inputs, exceptions, told };
}

/** What a report could tell of the ledger. */
async function readTold(s3: S3Client, bucket: string, period: ReportedPeriod): Promise<ToldEntries> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: `${folderOf(period)}${REPORT}` }));
  const told = parseEarlierReport((await Body?.transformToString()) ?? '')?.told;
  if (told === undefined) throw new Error(`${folderOf(period)}${REPORT} is no report that tells its period.`);
  return told;
}

/** By the names of their folders, `reports/FROM--TO/`. */
async function listPeriods(s3: S3Client, bucket: string): Promise<readonly ReportedPeriod[]> {
  const found: ReportedPeriod[] = [];
  const Prefix = LEDGER_BUCKET.reports;
  let next: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix, Delimiter: '/', ...(next && { ContinuationToken: next }) }),
    );
    for (const each of page.CommonPrefixes ?? []) {
      const [from, to] = (each.Prefix ?? '').slice(Prefix.length, -1).split('--');
      if (isTime(from) && isTime(to)) found.push({ from, to });
    }
    next = page.NextContinuationToken;
  } while (next !== undefined);
  return found;
}

function folderOf({ from, to }: ReportedPeriod): string {
  return `${LEDGER_BUCKET.reports}${from}--${to}/`;
}

/** The manifest's signature comes last: without it there is no report. */
async function isWritten(s3: S3Client, bucket: string, period: ReportedPeriod): Promise<boolean> {
  try {
    await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: `${folderOf(period)}${MANIFEST_NOTE}` }));
    return true;
  } catch (error) {
    if (error instanceof S3ServiceException && error.name === 'NotFound') return false;
    throw error;
  }
}
