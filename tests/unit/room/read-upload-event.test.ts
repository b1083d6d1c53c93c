import { quarantinePrefix } from '../../../lib/domain/room/landing-prefix';
import { readUploadEvent } from '../../../lib/domain/room/read-upload-event';

const byS3 = (key: string, bucket = 'landing') =>
  readUploadEvent({ source: 'aws.s3', detail: { bucket: { name: bucket }, object: { key, size: 7 } } }, 'landing');
const bySftp = (path: string) =>
  readUploadEvent({ source: 'aws.transfer', detail: { 'file-path': path, bytes: 7 } }, 'landing');

test('an upload by S3, and one by SFTP, are deliveries of a dataset', () => {
  const file = { agreement: 'swap-2026', dataset: 'usage', bytes: 7 };
  expect(byS3('swap-2026/usage/upload/july.csv')).toEqual({
    ...file,
    way: 'upload',
    key: 'swap-2026/usage/upload/july.csv',
  });
  expect(bySftp('/landing/swap-2026/usage/sftp/in/july.csv')).toEqual({
    ...file,
    way: 'sftp',
    key: 'swap-2026/usage/sftp/in/july.csv',
  });
});

test.each([
  ['half of an SFTP upload, which S3 shows too', byS3('swap-2026/usage/sftp/july.csv')],
  ['an upload that SFTP would not write', bySftp('/landing/swap-2026/usage/upload/july.csv')],
  ['another bucket', byS3('swap-2026/usage/upload/july.csv', 'lake')],
  ['another bucket by SFTP', bySftp('/landing-2/swap-2026/usage/sftp/july.csv')],
  ['the quarantine', byS3(`${quarantinePrefix('swap-2026', 'upload')}upload/july.csv`)],
  ['a folder', byS3('swap-2026/usage/upload/')],
  ['no file', byS3('swap-2026/usage/upload')],
  ['what is in no dataset', byS3('july.csv')],
])('no delivery: %s', (_, file) => {
  expect(file).toBeUndefined();
});
