import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { openLogReader } from '../../../lib/audit/logs/read-log-file';
import { readLogElement } from '../../../lib/domain/audit/records/read-log-element';
import { BUCKET, PARTNER, ROOM } from '../../unit/audit/scenario';
import { makeFolder, put } from './audit-trial';

const CASES = join(__dirname, '../../cases/audit/records');
const RECORDS = readdirSync(CASES)
  .filter((file) => !/event-bus|transfer-log|access-log/.test(file))
  .flatMap((file): readonly { readonly record: unknown }[] => JSON.parse(readFileSync(join(CASES, file), 'utf8')))
  .map(({ record }) => record);
/** Of a kind that is not known, at a bucket of the room. */
RECORDS.push({
  eventSource: 's3.amazonaws.com',
  eventName: 'RenameObject',
  eventTime: '2026-03-01T08:05:00Z',
  recipientAccountId: ROOM,
  requestParameters: { bucketName: BUCKET },
});

const arn = (session: string) => `arn:aws:sts::${ROOM}:assumed-role/Job/${session}`;
const IDENTITIES = [
  { type: 'AssumedRole', accountId: ROOM, arn: arn('run') },
  { type: 'AssumedRole', accountId: ROOM, arn: arn('AWSLF-00-AT-1-x') },
  { type: 'AssumedRole', accountId: ROOM, arn: arn('u.0123456789abcdef@s-0123456789abcdef0') },
  { type: 'AssumedRole', accountId: ROOM, sessionContext: { sourceIdentity: `V2.${PARTNER}.AROA` } },
  { type: 'AssumedRole', sessionContext: { sessionIssuer: { accountId: ROOM } } },
  { type: 'AWSService', invokedBy: 'cloudtrail.amazonaws.com' },
  { type: 'AWSAccount', accountId: PARTNER },
  { type: 'AWSAccount', accountId: 'anonymous' },
  { accountId: 12, type: ['AWSService'] },
  null,
];

/** All that a reader tells of a file, counts summed. */
async function readAll(text: string): Promise<object> {
  const path = put(makeFolder(), 'log.json', text);
  const accesses: unknown[] = [];
  const counts: Record<string, { first: number; records: number }> = {};
  const reader = openLogReader({ accounts: new Set([ROOM]), buckets: [BUCKET] }, false);
  const { records, kind, problem } = await reader.read(
    { file: '', path },
    {
      access: (access, clipped, record) => accesses.push([access, clipped, record]),
      summarise: () => {},
      count: (of, what, first, more = 1) => {
        const count = counts[`${of} ${what}`];
        counts[`${of} ${what}`] = {
          first: Math.min(count?.first ?? first, first),
          records: (count?.records ?? 0) + more,
        };
      },
    },
  );
  return { records, kind, problem, accesses, counts };
}

/** The same JSON with an escape in every record: none of them can be counted by what its bytes show. */
function escapeSome(record: unknown): string {
  const text = JSON.stringify(record);
  return text.startsWith('{"') ? text.replace('{"', '{"\\u0061":1,"') : text;
}

it('counting records by their bytes tells what reading each of them whole would', async () => {
  const record = fc.tuple(fc.constantFrom(...RECORDS), fc.option(fc.constantFrom(...IDENTITIES), { nil: undefined }));
  const kinds = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 20, maxLength: 200 }), async (picked) => {
      const records = picked.map(([original, identity]) =>
        // The room's own records are counted whatever else they lack: only of others it matters.
        typeof original === 'object' && identity !== undefined && readLogElement(original).kind !== 'malformed'
          ? { ...original, userIdentity: identity }
          : original,
      );
      const fast = await readAll(JSON.stringify({ Records: records }));
      const slow = await readAll(`{"Records":[${records.map(escapeSome).join(',')}]}`);
      expect(fast).toEqual(slow);
      const { counts, accesses } = fast as { counts: object; accesses: readonly unknown[] };
      for (const name of Object.keys(counts)) kinds.add(name.split(' ')[0]!);
      if (accesses.length > 0) kinds.add('access');
    }),
    { numRuns: 60 },
  );
  // The test says nothing unless each of these comes up.
  expect([...kinds].toSorted()).toEqual(['access', 'internal', 'malformed', 'unknown', 'unread']);
});
