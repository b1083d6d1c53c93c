import type { EvidenceReference, ReportedAccess } from '../../domain/audit/report/reported-access';
import { formatCsvLine } from './csv';
import { describeOcsf } from './describe-ocsf';
import { formatJsonLine } from './json-line';
import type { RowFile } from './row-file';

const COLUMNS = [
  'time',
  'party',
  'agreement',
  'version',
  'leg',
  'dataset',
  'role',
  'place',
  'explained',
  'reason',
  'clause',
  'decision',
  'effect',
  'confidence',
  'party found by',
  'leg found by',
  'service',
  'operation',
  'act',
  'outcome',
  'error',
  'actor kind',
  'actor',
  'account',
  'through',
  'owner',
  'region',
  'resource kind',
  'resource',
  'bytes out',
  'bytes in',
  'ip',
  'user agent',
  'request',
  'witnesses',
  'id',
  'evidence file',
  'evidence record',
  'evidence sha256',
  'further evidence',
  'late',
];

/** Every access, once: as a table, exactly, and as OCSF events. */
export const ACCESS_FILES: readonly RowFile<ReportedAccess>[] = [
  { name: 'accesses.csv', head: formatCsvLine(COLUMNS), formatRow: (access) => formatCsvLine(listCells(access)) },
  { name: 'accesses.jsonl', head: '', formatRow: formatJsonLine },
  { name: 'accesses.ocsf.jsonl', head: '', formatRow: (access) => formatJsonLine(describeOcsf(access)) },
];

function listCells(access: ReportedAccess): readonly (string | number | undefined)[] {
  const { explained, actor, resource, bytes, client, evidence } = access;
  const own = explained.kind === 'attributed' ? explained : undefined;
  const reached = explained.kind === 'unattributed' ? explained.reached : undefined;
  const agreement = explained.kind === 'own-door' ? explained.agreement : (own ?? reached)?.agreement;
  const [first, ...further] = evidence;
  return [
    access.at,
    explained.kind === 'own-door' ? explained.party : own?.party,
    agreement?.id,
    agreement?.version,
    (own ?? reached)?.leg,
    (own ?? reached)?.dataset,
    own?.role,
    own?.holds,
    explained.kind,
    describeReason(access),
    own?.decision?.clause,
    own?.decision?.id,
    own?.decision?.effect,
    own?.confidence,
    own?.joins.party,
    own?.joins.leg,
    access.service,
    access.operation,
    access.act,
    access.outcome,
    access.error,
    actor.kind,
    actor.name,
    actor.account,
    actor.through,
    access.owner,
    access.region,
    resource.kind,
    resource.name,
    bytes?.out,
    bytes?.in,
    client?.ip,
    client?.agent,
    access.request,
    access.witnesses.join(' '),
    access.id,
    first?.file,
    first?.record,
    first?.sha256,
    further.map(describeEvidence).join(' '),
    access.late,
  ];
}

function describeReason({ explained }: ReportedAccess): string | undefined {
  switch (explained.kind) {
    case 'ambiguous':
      return explained.candidates.map(({ party, leg }) => `${party} ${leg}`).join(' or ');
    case 'unattributed':
      return explained.reason;
    case 'internal':
      return explained.by;
    case 'attributed':
    case 'own-door':
      return undefined;
  }
}

/** `file#record`. */
export function describeEvidence({ file, record }: EvidenceReference): string {
  return `${file}#${record}`;
}
