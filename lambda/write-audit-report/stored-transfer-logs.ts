import { createWriteStream, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { INPUT_LABELS } from '../../lib/audit/grounds/input-names';
import type { StoredLogs } from '../../lib/audit/logs/kept-scan';
import { fetchFiles } from './fetch-files';

interface TransferLogs {
  readonly logs: CloudWatchLogsClient;
  readonly group: string;
  readonly days: readonly string[];
  readonly folder: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const TRANSFER_LOGS = `${INPUT_LABELS.transfer}/`;

/**
 * The SFTP server's log, which is in CloudWatch and in no file: a file for each day, an event a line. CloudWatch takes late
 * events: a day is what it is when it is read, and its hash says what was read.
 */
export function openTransferLogs({ logs, group, days, folder }: TransferLogs): StoredLogs {
  return {
    prefix: TRANSFER_LOGS,
    days,
    list: async (day) => {
      const file = `${TRANSFER_LOGS}${day}.jsonl`;
      for await (const _ of listEvents(logs, group, Date.parse(day))) return [{ file, path: file, bytes: 0 }];
      return [];
    },
    fetch: (files) =>
      fetchFiles(folder, files, async ({ file }, path) => {
        const day = file.slice(TRANSFER_LOGS.length, TRANSFER_LOGS.length + 10);
        await pipeline(Readable.from(listEvents(logs, group, Date.parse(day))), createWriteStream(path));
        return { file, path, bytes: statSync(path).size };
      }),
  };
}

/** One a line. */
async function* listEvents(logs: CloudWatchLogsClient, logGroupName: string, from: number): AsyncGenerator<string> {
  const time = { startTime: from, endTime: from + DAY_MS - 1 };
  let nextToken: string | undefined;
  do {
    const page = await logs.send(
      new FilterLogEventsCommand({ logGroupName, ...time, ...(nextToken === undefined ? {} : { nextToken }) }),
    );
    for (const { eventId, timestamp, message } of page.events ?? [])
      yield `${JSON.stringify({ id: eventId, timestamp, message })}\n`;
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
}
