import { identifyCall } from '../local-cloud/identify-call';

/* As the SDKs of Python and Java call S3, whose requests do not say what they are. */

const SIGNED = { authorization: 'AWS4-HMAC-SHA256 Credential=KEY/20260101/eu-central-1/s3/aws4_request, Signature=0' };
const PLACE = { account: '123456789012', region: 'eu-central-1' };

const identify = (method: string, query: string, headers: Readonly<Record<string, string>> = {}) => {
  const url = new URL(`http://localhost/bucket/a/key${query}`);
  const { operation, needs } = identifyCall(
    { method, url, headers: { ...SIGNED, ...headers }, body: Buffer.of() },
    PLACE,
  );
  return [operation, ...needs.map(({ action }) => action)];
};
const COPY = { 'x-amz-copy-source': '/other/key' };

test.each<[string, string, Readonly<Record<string, string>>, readonly string[]]>([
  ['GET', '', {}, ['GetObject', 's3:GetObject']],
  ['GET', '?uploadId=1', {}, ['ListParts', 's3:ListMultipartUploadParts']],
  ['HEAD', '', {}, ['HeadObject', 's3:GetObject']],
  ['DELETE', '', {}, ['DeleteObject', 's3:DeleteObject']],
  ['DELETE', '?versionId=1', {}, ['DeleteObject', 's3:DeleteObjectVersion']],
  ['DELETE', '?uploadId=1', {}, ['AbortMultipartUpload', 's3:AbortMultipartUpload']],
  ['POST', '?uploads', {}, ['CreateMultipartUpload', 's3:PutObject']],
  ['POST', '?uploadId=1', {}, ['CompleteMultipartUpload', 's3:PutObject']],
  ['PUT', '', {}, ['PutObject', 's3:PutObject']],
  ['PUT', '', COPY, ['CopyObject', 's3:PutObject', 's3:GetObject']],
  ['PUT', '?uploadId=1&partNumber=2', {}, ['UploadPart', 's3:PutObject']],
  ['PUT', '?uploadId=1&partNumber=2', COPY, ['UploadPartCopy', 's3:PutObject', 's3:GetObject']],
  ['GET', '?tagging', {}, ['GetObjectTagging', 's3:GetObjectTagging']],
])('%s of an object%s is what it needs permission for', (method, query, headers, expected) => {
  expect(identify(method, query, headers)).toEqual(expected);
});
