import type { AuditException } from '../attribution/reconcile-accesses';
import { EXCEPTION_SEVERITY, TOLD_TO_ALL } from './exception-rules';
import type { ReportedAccess } from './reported-access';
import type { ReportedException } from './reported-exception';

/** Places told with one exception; an access is seldom written at more. */
const MAX_EVIDENCE = 20;

/** @param shown the accesses that show it: those whose id, or whose copy's id, it names */
export function reportException(exception: AuditException, shown: readonly ReportedAccess[]): ReportedException {
  const { kind, at, party, decision } = exception;
  const leg = exception.leg ?? findLeg(shown[0]);
  return {
    kind,
    severity: EXCEPTION_SEVERITY[kind],
    at,
    ...(party === undefined ? {} : { party }),
    ...(leg === undefined ? {} : { leg }),
    ...(decision === undefined ? {} : { decision }),
    detail: shown[0] === undefined ? describeAbsent(exception) : describeAccess(shown[0]),
    evidence: shown.flatMap(({ evidence }) => evidence).slice(0, MAX_EVIDENCE),
  };
}

/** Of what was nobody's: the leg whose data it was at. */
function findLeg(shown: ReportedAccess | undefined): string | undefined {
  return shown?.explained.kind === 'unattributed' ? shown.explained.reached?.leg : undefined;
}

/** What the ledger's copy shows, and the logs tell otherwise: at most one of them is what AWS wrote. */
export function tellByCopy({ detail, ...exception }: ReportedException): ReportedException {
  return { ...exception, detail: `By the ledger’s copy: ${detail}`, byCopy: true };
}

/** `s3 GetObject of bucket/key by arn:…`, and why it could not be explained where that is known. */
function describeAccess({ service, operation, resource, actor, client, explained }: ReportedAccess): string {
  const what = `${service} ${operation}${resource.name === '' ? '' : ` of ${resource.name}`}`;
  const whom = actor.name === '' ? describeNobody(actor.kind) : actor.name;
  const from = client?.ip === undefined ? '' : ` from ${client.ip}`;
  return `${what} by ${whom}${from}${explainWhy(explained)}.`;
}

function describeNobody(kind: ReportedAccess['actor']['kind']): string {
  return kind === 'anonymous' ? 'nobody who signed in' : 'somebody the record does not name';
}

function explainWhy(explained: ReportedAccess['explained']): string {
  switch (explained.kind) {
    case 'unattributed':
      return `: ${REASONS[explained.reason]}`;
    case 'ambiguous': {
      const fits = explained.candidates.map(({ party, leg }) => `${party} on ${leg}`);
      return `: fits ${fits.join(', or ')}`;
    }
    case 'attributed':
    case 'own-door':
    case 'internal':
      return '';
  }
}

const REASONS = {
  'unknown-actor': 'the records do not tell who it was',
  anonymous: 'nobody signed in',
  'operator-as-party': 'the role is a party’s alone, and the room’s own account took it',
  'no-party': 'no agreement names this account or user',
  'no-agreement-then': 'the party had no agreement in force then',
  'no-leg': 'what was reached belongs to no leg',
} as const;

function describeAbsent({ kind, decision }: AuditException): string {
  if (kind === 'unused-decision')
    return `Decision ${decision ?? ''} ran out, and no access of this period was made by it.`;
  if (TOLD_TO_ALL.has(kind)) return 'Who did it, and what, is in the report of the whole room.';
  return 'The accesses that show it are not among those of this report.';
}
