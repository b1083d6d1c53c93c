import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { INPUTS } from '../../../lib/audit/grounds/input-list';
import { openLedgerFolder } from '../../../lib/audit/ledger/ledger-folder';
import { openNoteSigner } from '../../../lib/audit/ledger/note-signer';
import { verifyPack } from '../../../lib/audit/verify/verify-pack';
import { makeSigningKey } from '../../../lib/signing-key';
import { makeS3Read, makeSummary, PARTNER, REGION, ROOM } from '../../unit/audit/scenario';
import { type AuditTrial, auditLogs, makeFolder, put, TOOLS } from './audit-trial';

/* CloudTrail's own counts, which come when they come: after the report of their time, too. */

const DAYS = ['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04'] as const;
const [FIRST, SECOND, THIRD] = DAYS;
const LATE = 'Its count came after the report of that time.';

/** A log file as CloudTrail delivers one at a time, `YYYY-MM-DDTHH:MM`. */
function deliver(logs: string, at: string, name: string, records: readonly object[]): string {
  const file = `${ROOM}_CloudTrail_${REGION}_${at.replaceAll(/[-:]/g, '')}Z_${name}.json.gz`;
  const path = `AWSLogs/${ROOM}/CloudTrail/${REGION}/${at.slice(0, 10).replaceAll('-', '/')}/${file}`;
  put(logs, path, gzipSync(JSON.stringify({ Records: records })));
  return path;
}

/** What the room's account was told of a read, as a record that is counted. */
function readAt(at: string): readonly object[] {
  return makeS3Read({ key: `usage/${at}`, at, account: PARTNER }).flatMap(({ source }) =>
    source.log === 'cloudtrail' && 'recipientAccountId' in source.record && source.record.recipientAccountId === ROOM
      ? [{ ...source.record, eventCategory: 'Data' }]
      : [],
  );
}

const countAt = (day: string, minute: string, GetObject: number) =>
  makeSummary({ from: `${day}T09:${minute}:00Z`, to: `${day}T09:${Number(minute) + 5}:00Z`, counts: { GetObject } });

/** Reports of the days, each of what lies in the folder when it is made. */
function openSeries() {
  const [logs, ledger, key] = [makeFolder(), makeFolder(), join(makeFolder(), 'audit.pem')];
  makeSigningKey(key);
  const signer = openNoteSigner(key, 'room/trial');
  const shared = { signer, ledger: { origin: 'room/trial', open: () => openLedgerFolder(ledger) } };
  const trials: AuditTrial[] = [];
  return {
    logs,
    audit: async () => {
      const [from, to] = DAYS.slice(trials.length).map((day) => `${day}T00:00:00Z`);
      deliver(logs, `${to?.slice(0, 10)}T00:30`, 'end', []);
      const earlier = {
        periods: trials.map(({ report }) => report.header.period),
        inputs: trials.map(({ out }) => join(out, INPUTS)),
      };
      const trial = await auditLogs(logs, { ...shared, from: from!, to: to!, ...(trials.length > 0 && { earlier }) });
      trials.push(trial);
      const { findings } = await verifyPack(trial.out, signer.key, { ...TOOLS, ledger });
      expect(findings).toEqual([]);
      return trial.exceptions.flatMap(({ kind, at, detail, evidence }) =>
        kind === 'count-mismatch' ? [{ at, detail, files: evidence.map(({ file }) => file) }] : [],
      );
    },
  };
}

it('a count that comes after the report of its time is compared by the one that follows, and by no other', async () => {
  const { logs, audit } = openSeries();
  deliver(logs, `${FIRST}T09:20`, 'reads', [...readAt(`${FIRST}T09:06:00Z`), ...readAt(`${FIRST}T09:11:00Z`)]);
  deliver(logs, `${FIRST}T09:30`, 'counts', [countAt(FIRST, '15', 4)]);
  const missing = (at: string, counted: number, found: number, of: string) => ({
    at,
    detail: expect.stringContaining(`CloudTrail counted ${counted}, ${found} found.`),
    files: [of],
  });
  const told = `AWSLogs/${ROOM}/CloudTrail/${REGION}/2026/03/01/${ROOM}_CloudTrail_${REGION}_20260301T0930Z_counts.json.gz`;
  expect(await audit()).toEqual([missing(`${FIRST}T09:15:00Z`, 4, 0, told)]);
  // Of the day before: one of which all is there, one of which something is not, and again the one that was compared.
  const counts = [countAt(FIRST, '10', 1), countAt(FIRST, '05', 7), countAt(FIRST, '15', 4)];
  const late = deliver(logs, `${SECOND}T09:20`, 'late', [...counts, countAt(SECOND, '05', 2)]);
  const found = await audit();
  expect(found).toEqual([missing(`${FIRST}T09:05:00Z`, 7, 1, late), missing(`${SECOND}T09:05:00Z`, 2, 0, late)]);
  expect(found.map(({ detail }) => detail.endsWith(LATE))).toEqual([true, false]);
  expect(await audit()).toEqual([]);
});

it('where files that the report of its time was made of are not given again, only what can be in none of them is compared', async () => {
  const { logs, audit } = openSeries();
  const early = deliver(logs, `${FIRST}T09:08`, 'reads', readAt(`${FIRST}T09:06:00Z`));
  await audit();
  rmSync(join(logs, early));
  // What the first window holds may be in the file; nothing that happened in the second can be.
  const counts = [countAt(FIRST, '05', 1), countAt(FIRST, '10', 3)];
  const late = deliver(logs, `${SECOND}T09:20`, 'late', counts);
  expect(await audit()).toEqual([{ at: `${FIRST}T09:10:00Z`, detail: expect.stringContaining(LATE), files: [late] }]);
});

it('where a file is missing whose name does not tell when it was delivered, nothing of the time before is compared', async () => {
  const { logs, audit } = openSeries();
  put(logs, 'kept/reads.json', JSON.stringify({ Records: readAt(`${FIRST}T09:06:00Z`) }));
  await audit();
  rmSync(join(logs, 'kept'), { recursive: true });
  deliver(logs, `${SECOND}T09:20`, 'late', [countAt(FIRST, '05', 1), countAt(FIRST, '10', 3)]);
  expect(await audit()).toEqual([]);
});

it('a count of a time of which no report was made is none that came late', async () => {
  const { logs, audit } = openSeries();
  await audit();
  deliver(logs, `${SECOND}T09:20`, 'late', [countAt('2026-02-27', '05', 3), countAt(THIRD, '05', 3)]);
  expect(await audit()).toEqual([]);
});
