import type { ExceptionSeverity, ReportedExceptionKind } from './reported-exception';

/** How grave each kind is. One place: page, tables and verdict follow it. */
export const EXCEPTION_SEVERITY: Readonly<Record<ReportedExceptionKind, ExceptionSeverity>> = {
  bypass: 'breach',
  'forbidden-access': 'breach',
  'other-partys-leg': 'breach',
  'outside-role': 'breach',
  'foreign-network': 'breach',
  unexplained: 'breach',
  'operator-as-party': 'breach',
  'record-changed': 'breach',
  'deliveries-read': 'breach',
  'granted-to-stranger': 'breach',
  'broken-integrity': 'gap',
  'coverage-gap': 'gap',
  'missing-from-trail': 'gap',
  'entered-without-log': 'gap',
  'conflicting-record': 'gap',
  'count-mismatch': 'gap',
  'unread-record': 'gap',
  'foreign-function': 'gap',
  'logging-changed': 'gap',
  'room-changed': 'gap',
  ambiguous: 'gap',
  'decrypt-without-read': 'gap',
  'sftp-without-object': 'gap',
  'vend-without-read': 'notice',
  'unused-decision': 'notice',
  'room-deployed': 'notice',
};

/** What puts all in doubt that the room tells: every party's own pack says that it happened; who and what, the whole one. */
export const TOLD_TO_ALL: ReadonlySet<ReportedExceptionKind> = new Set([
  'record-changed',
  'deliveries-read',
  'granted-to-stranger',
  'logging-changed',
  'room-changed',
  'room-deployed',
]);

export const SEVERITIES: readonly ExceptionSeverity[] = ['breach', 'gap', 'notice'];
