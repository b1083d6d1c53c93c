import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@aws-lambda-powertools/logger';
import { openReports } from './open-reports';
import { openRoom } from './open-room';
import { prepareRun } from './prepare-run';
import { writeReport } from './write-report';

const log = new Logger({ serviceName: 'write-audit-report' });

export async function handler(event: unknown): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'report-'));
  try {
    const prepare = async (period: Parameters<typeof prepareRun>[1]) => prepareRun(await openRoom(folder), period);
    await writeReport(event, { ...openReports(), prepare, folder, log });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
