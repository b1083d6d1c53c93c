import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { openReports } from './open-reports';
import { openRoom } from './open-room';
import { type StepAnswer, takeStep } from './take-step';

const log = new Logger({ serviceName: 'write-audit-report' });
/** What a step takes at the most, and the time for an end in good order: a third of what a call may take. */
const RESERVE_MS = 5 * 60 * 1000;

export async function handler(event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<StepAnswer> {
  const folder = mkdtempSync(join(tmpdir(), 'report-'));
  try {
    const hasTime = () => context.getRemainingTimeInMillis() > RESERVE_MS;
    return await takeStep(event, { ...openReports(), openRoom: () => openRoom(folder), hasTime, folder, log });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
