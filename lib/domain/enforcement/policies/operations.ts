import type { ApiOperation } from '../api/api-operations';

/** What can be asked for at the room's doors. Nothing else is ever permitted. */
export type Operation = ApiOperation | 'connect-sftp' | 'publish-release';

interface OperationRule {
  readonly door: 'sftp' | 'api' | 'read' | 'publication';
  /** What it is asked about. */
  readonly about: 'agreement' | 'leg' | 'dataset';
  /** Whether data move by it: then the agreement has to be signed, active and in its term. */
  readonly moves: boolean;
  /** What a request may say besides; with anything else it is forbidden. */
  readonly operands: readonly string[];
}

const AGREEMENT = { door: 'api', about: 'agreement', moves: false, operands: [] } as const;

export const OPERATIONS: Readonly<Record<Operation, OperationRule>> = {
  'read-agreement': AGREEMENT,
  'list-deliveries': AGREEMENT,
  'list-releases': AGREEMENT,
  'list-accesses': AGREEMENT,
  'list-problems': AGREEMENT,
  'report-problem': AGREEMENT,
  'list-erasures': AGREEMENT,
  'sign-version': AGREEMENT,
  'give-notice': AGREEMENT,
  'suspend-agreement': AGREEMENT,
  'resume-agreement': AGREEMENT,
  'overrule-breach': AGREEMENT,
  'attest-destruction': { ...AGREEMENT, about: 'leg' },
  // A person's right waits for no agreement's state.
  'request-erasure': { ...AGREEMENT, about: 'dataset' },
  'confirm-erasure': { ...AGREEMENT, about: 'leg' },
  'confirm-receipt': { ...AGREEMENT, about: 'leg' },
  'read-certificate': { ...AGREEMENT, about: 'leg', operands: ['round'] },
  'request-upload': { door: 'api', about: 'dataset', moves: true, operands: [] },
  'connect-sftp': { door: 'sftp', about: 'agreement', moves: true, operands: ['ip'] },
  'read-release': { door: 'read', about: 'leg', moves: true, operands: ['round', 'purpose', 'ip'] },
  'publish-release': { door: 'publication', about: 'leg', moves: true, operands: ['round'] },
};

/** Undefined for what no door knows. */
export function findOperation(name: string): Operation | undefined {
  return Object.keys(OPERATIONS).find((known): known is Operation => known === name);
}
