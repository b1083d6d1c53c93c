import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { generateAuditSample } from '../../../examples/audit/generate';
import type { AuditReport } from '../../../lib/domain/audit/report/audit-report';
import { makeS3Read, PARTNER, ROOM } from '../../unit/audit/scenario';
import { makeFolder, put } from './audit-trial';

/** Sizes that a room's logs have: a process of its own reads them, whose memory is measured. */
jest.setTimeout(300_000);

const PERIOD = ['--from', '2026-03-01', '--to', '2026-03-02'];
const INVENTORY = `room: { account: "${ROOM}", region: eu-central-1, landingBucket: room-landing, lakeBucket: room-releases }\n`;
const BARTER = join(__dirname, '../../../bin/barter.js');
const FILLER = { eventSource: 'ec2.amazonaws.com', eventName: 'RunInstances', userAgent: 'y'.repeat(2000) };

function readOf(number: number): object {
  const key = `usage/${number}.parquet`;
  const [record] = makeS3Read({ key, at: '2026-03-01T09:00:00Z', account: PARTNER }).flatMap(({ source }) =>
    source.log === 'cloudtrail' ? [source.record] : [],
  );
  return { ...record };
}

/** @returns what was read, and the peak of the memory, in MB */
function audit(logs: string): { readonly report: AuditReport; readonly peak: number } {
  const out = makeFolder();
  const sample = makeFolder();
  generateAuditSample({ directory: sample });
  const inventory = put(sample, 'inventory.yaml', INVENTORY);
  const given = ['--agreements', join(sample, 'agreements'), '--inventory', inventory];
  const told = join(out, 'peak');
  // Written by the process itself as it ends.
  const measure = `process.on('exit',()=>require('node:fs').writeFileSync(${JSON.stringify(told)},String(process.resourceUsage().maxRSS)))`;
  const hook = put(out, 'measure.cjs', measure);
  const args = ['audit', ...given, '--logs', logs, ...PERIOD, '--out', join(out, 'pack')];
  const { status, stderr } = spawnSync(process.execPath, ['--require', hook, BARTER, ...args], { encoding: 'utf8' });
  expect({ status, stderr: status === 3 ? '' : stderr }).toEqual({ status: 3, stderr: '' });
  const report: AuditReport = JSON.parse(readFileSync(join(out, 'pack', 'report.json'), 'utf8'));
  return { report, peak: Number(readFileSync(told, 'utf8')) / 1024 };
}

it('reads a file of 1 GB, in memory that it would not fit into', () => {
  const logs = makeFolder();
  const file = openSync(join(logs, 'large.json'), 'w');
  const piece = `${JSON.stringify(FILLER)},`.repeat(4000);
  let [bytes, fillers] = [writeSync(file, `{"Records":[${JSON.stringify(readOf(0))},`), 0];
  while (bytes < 2 ** 30) {
    bytes += writeSync(file, piece);
    fillers += 4000;
  }
  writeSync(file, `${JSON.stringify(readOf(1))}]}`);
  closeSync(file);
  const { report, peak } = audit(logs);
  expect(report.accesses.total).toBe(2);
  expect(report.header.records.unknown[0]?.records).toBe(fillers);
  process.stdout.write(`  1 GB in one file: ${Math.round(peak)} MB\n`);
  expect(peak).toBeLessThan(512);
});

it('reads 100,000 files of a record or two, and counts each', () => {
  const logs = makeFolder();
  const unknown = { ...FILLER, userAgent: 'y' };
  const dull = gzipSync(JSON.stringify({ Records: [unknown] }));
  for (let number = 0; number < 100_000; number += 1) {
    const folder = join(logs, String(Math.floor(number / 1000)));
    if (number % 1000 === 0) mkdirSync(folder);
    const content = number % 100 === 0 ? gzipSync(JSON.stringify({ Records: [unknown, readOf(number)] })) : dull;
    writeFileSync(join(folder, `${number}.json.gz`), content);
  }
  const { report, peak } = audit(logs);
  expect(report.header.records.unknown[0]?.records).toBe(100_000);
  expect(report.accesses.total).toBe(1000);
  process.stdout.write(`  100,000 files: ${Math.round(peak)} MB\n`);
  expect(peak).toBeLessThan(512);
});
