import { sha256 } from '../../lib/audit/node-crypto';
import type { Access } from '../../lib/domain/audit/access';
import { formatEntry } from '../../lib/domain/audit/ledger/ledger-entry';
import type { Recording } from '../../lib/domain/audit/ledger/record-accesses';
import { readBusEvent } from '../../lib/domain/audit/records/read-bus-event';
import { parseJson } from '../../lib/domain/parse-json';
import type { Log } from '../shared/log';
import type { CountRefused } from './count-refused';
import type { MeasureForwarded } from './measure-forwarded';

/** Enters accesses in the ledger, each once. */
export type EnterAccesses = (accesses: readonly Access[]) => Promise<Pick<Recording, 'appended' | 'conflicts'>>;

/** What Lambda takes out of a queue. */
export interface QueuedBatch {
  readonly Records: readonly QueuedEvent[];
}

/** `body`: the event, as EventBridge put it. */
interface QueuedEvent {
  readonly messageId: string;
  readonly body: string;
}

/** Those that stay in the queue: they are tried again, and in the end kept as dead letters, so that somebody looks. */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/**
 * Enters in the ledger what parties' accounts, or this one, tell of accesses: all of a batch by one commit, and each whatever
 * becomes of the others. What is no access is logged; the archive of the event's bus keeps it. What strangers were refused is
 * counted and not entered. Where two events tell different things of one access, at most one of them is what AWS wrote: the
 * later one stays in the queue.
 */
export async function enterBatch(
  { Records: events }: QueuedBatch,
  enter: EnterAccesses,
  count: CountRefused,
  log: Log,
  measure: MeasureForwarded,
): Promise<BatchAnswer> {
  const failed: string[] = [];
  const fail = (message: string, access: string, problem: string) => {
    failed.push(message);
    log.error('Access not entered in the ledger: compare the event with the archive', { access, problem });
  };
  const wanted: { readonly messageId: string; readonly access: Access }[] = [];
  const told = events.flatMap(({ messageId, body }) => {
    const access = readAccess(parseJson(body), log);
    return access === undefined ? [] : [{ messageId, access }];
  });
  await measure(told.map(({ access }) => access));
  for (const { messageId, access } of told) {
    try {
      const problem = judgeEntry(access);
      if (problem !== undefined) fail(messageId, access.id, problem);
      else if (!(await count(access))) wanted.push({ messageId, access });
      else log.info('A refused request of nobody here was counted', describeAccess(access));
    } catch (error) {
      fail(messageId, access.id, error instanceof Error ? error.name : 'unknown');
    }
  }
  if (wanted.length > 0) {
    const { appended, conflicts } = await enter(wanted.map(({ access }) => access));
    for (const { messageId, access } of wanted)
      if (conflicts.includes(access)) fail(messageId, access.id, 'the ledger has another entry for it');
    log.info('Accesses entered in the ledger', { told: wanted.length, appended });
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

function describeAccess({ recordedBy = 'unknown', act }: Access) {
  return { recordedBy, act };
}

function readAccess(event: unknown, log: Log): Access | undefined {
  const reading = readBusEvent(event);
  if (reading.kind === 'access') return reading.access;
  if (reading.kind === 'unknown')
    log.warn('Event not understood: the archive of its bus keeps it', { what: reading.what });
  else log.error('Event cannot be read: the archive of its bus keeps it', { problem: reading.problem });
  return undefined;
}

/** What keeps it from being an entry: one such access keeps no other from being entered. */
function judgeEntry(access: Access): string | undefined {
  try {
    formatEntry(sha256, access);
    return undefined;
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}
