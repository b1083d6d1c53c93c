import { fieldsOf } from '../shared/fields-of';

/** The time that a report is about; UTC, ISO 8601, `to` not included. */
export interface ReportPeriod {
  readonly from: string;
  readonly to: string;
  /** When it is due: what it says of the record is as of then. */
  readonly due: string;
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** A step towards a report: its logs are read ahead, call by call, as far as each gets; then it is written. */
interface ReportOrder {
  readonly step: 'read' | 'write';
  readonly period: ReportPeriod;
}

/** Undefined for what orders nothing. */
export function readReportOrder(event: unknown): ReportOrder | undefined {
  const { step, report } = fieldsOf(event);
  const period = readReportPeriod(step === undefined ? event : report);
  if (period === undefined || (step !== undefined && step !== 'read' && step !== 'write')) return undefined;
  return { step: step ?? 'write', period };
}

/**
 * What is asked for: by the schedule, the month before the one in which the report is due; by a person, any time from an hour
 * on. Undefined for what says neither.
 */
export function readReportPeriod(event: unknown): ReportPeriod | undefined {
  const { dueAt, from, to } = fieldsOf(event);
  if (!isTime(dueAt)) return undefined;
  if (isTime(from) && isTime(to)) return from < to && to <= dueAt ? { from, to, due: dueAt } : undefined;
  if (from !== undefined || to !== undefined) return undefined;
  const [year = 0, month = 1] = dueAt.split('-').map(Number);
  return { from: startOfMonth(year, month - 2), to: startOfMonth(year, month - 1), due: dueAt };
}

/** A UTC time to the second. */
export function isTime(value: unknown): value is string {
  // It becomes part of a key.
  return typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value));
}

/** @param month from 0; below that, of the year before */
function startOfMonth(year: number, month: number): string {
  return new Date(Date.UTC(year, month, 1)).toISOString().replace('.000Z', 'Z');
}
