import * as z from 'zod';
import type { TrailPublicKey } from '../../domain/audit/integrity/trail-copy';
import { isNotice } from '../../domain/audit/integrity/trail-finding';
import { verifyTrail } from '../../domain/audit/integrity/verify-trail';
import { describeBroken } from '../../domain/audit/report/find-finding-exceptions';
import { compareLogs } from '../../domain/audit/report/judge-header';
import { formatPlural } from '../../report/format';
import { readLogGrounds } from '../grounds/read-log-grounds';
import { listLogFiles } from '../logs/list-log-files';
import { mannerOf } from '../logs/manner-of';
import { openContentReader } from '../logs/read-content';
import { listTrailLogs, readDigests } from '../logs/read-digests';
import type { ScannedFile } from '../logs/scan-files';
import { TRAIL_CRYPTO } from '../node-crypto';
import { EXCEPTION_TABLE } from '../pack/exception-table';
import { REPORT, readPackReport } from '../pack/read-pack-report';
import { readRows } from '../pack/read-rows';
import type { PackVerdict } from './verify-pack';

const exceptionSchema = z.looseObject({ kind: z.literal('broken-integrity'), detail: z.string() });

/**
 * Verifies CloudTrail's digests, and by them the log files, for the period of a pack. What the pack itself tells of them is no
 * finding: it tells the truth.
 */
export async function verifyTrailFolder(
  pack: string,
  logs: string,
  digests: string,
  publicKeys: readonly TrailPublicKey[],
  toolVersion: string,
): Promise<PackVerdict> {
  const report = readPackReport(pack);
  if (report === undefined)
    return {
      checked: [],
      findings: [{ file: REPORT, problem: 'no report can be read from it and what lies with it' }],
    };
  const files: ScannedFile[] = [];
  const contents = openContentReader();
  for (const { file, path } of listLogFiles(logs).files) {
    const content = await contents.read(
      path,
      mannerOf(file, true),
      () => {},
      () => true,
    );
    files.push({ ...content, file, kind: 'log', records: 0 });
  }
  const read = readDigests(digests);
  const verdict = verifyTrail(TRAIL_CRYPTO, {
    digests: read,
    logs: listTrailLogs(files, read),
    publicKeys,
    period: report.header.period,
  });
  const { believed, given } = verdict.logs;
  const told = new Set<string>();
  for await (const [exception] of readRows(pack, EXCEPTION_TABLE, exceptionSchema))
    if (exception !== undefined) told.add(exception.detail);
  const broken = verdict.findings.filter((finding) => !isNotice(finding));
  const untold = broken.filter((finding) => !told.has(describeBroken(finding)));
  const same = broken.length - untold.length;
  const isOwn = report.header.toolVersion === toolVersion;
  const header = isOwn ? compareLogs(report, verdict, readLogGrounds(pack)) : [];
  return {
    ...(isOwn ? {} : { unchecked: ['what it says of its logs, against them: another version made it'] }),
    checked: [
      `${verdict.digests.believed} of ${verdict.digests.given} digests and ${believed} of ${given} log files are believed`,
      ...(same === 0
        ? []
        : [`what is wrong with them, ${formatPlural(same, 'finding')}, is told in the pack as broken-integrity`]),
    ],
    findings: [
      ...untold.map(({ file, kind, field, detail }) => ({ file, problem: `${kind} (${field}): ${detail}` })),
      ...header.map((problem) => ({ file: REPORT, problem })),
    ],
  };
}
