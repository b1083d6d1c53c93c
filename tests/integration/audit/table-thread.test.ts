import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRowWriter } from '../../../lib/audit/pack/row-writer';
import { openTableThread } from '../../../lib/audit/threads/table-thread';
import type { ReportedAccess } from '../../../lib/domain/audit/report/reported-access';
import { ACCESS_FILES } from '../../../lib/report/audit/access-files';
import { makeFolder } from './audit-trial';

const HOSTILE = [
  'plain',
  '=cmd|"/c calc"!A0',
  'bidi \u202E end',
  'half \uD800 pair',
  'line \u2028\r\n',
  '\u001b[31m',
  'ü漢😀',
];

function makeRow(at: number): ReportedAccess {
  const text = `${HOSTILE[at % HOSTILE.length]} ${'long '.repeat(at % 50)}`;
  return {
    id: `id-${at}`,
    at: '2026-03-01T09:00:00Z',
    explained: { kind: 'unattributed', reason: 'no-party' },
    service: 's3',
    operation: 'GetObject',
    act: 'read',
    outcome: 'allowed',
    actor: { kind: 'account', name: text },
    resource: { kind: 'object', name: `bucket/${text}` },
    ...(at % 3 === 0 ? { bytes: { out: at, in: 0 } } : {}),
    client: { agent: text },
    witnesses: ['cloudtrail'],
    evidence: [{ file: text, sha256: 'ab', record: at, event: `id-${at}` }],
  };
}

it('another thread draws the tables, byte for byte, from the one that grows', async () => {
  const [here, beside] = [makeFolder(), makeFolder()];
  const writer = openRowWriter(here, ACCESS_FILES);
  const thread = await openTableThread(beside, ACCESS_FILES);
  for (let at = 0; at < 5000; at += 1) {
    writer.write(makeRow(at));
    thread.write(makeRow(at));
    // The thread reads while rows are written.
    if (at % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  writer.close();
  await thread.close();
  for (const { name } of ACCESS_FILES)
    expect(readFileSync(join(beside, name)).equals(readFileSync(join(here, name)))).toBe(true);
});

it('what keeps the thread from writing is told when the tables are closed', async () => {
  const folder = makeFolder();
  const thread = await openTableThread(folder, ACCESS_FILES);
  const broken: object = { ...makeRow(0), evidence: 1 };
  thread.write(broken as ReportedAccess);
  await expect(thread.close()).rejects.toThrow('evidence is not iterable');
});
