import { judgeNetwork } from '../../domain/audit/attribution/judge-network';
import { judgeRole } from '../../domain/audit/attribution/judge-role';
import type { ReportedAccess } from '../../domain/audit/report/reported-access';

/** What an access amounts to at a glance; the order is that of the filter. */
export const ACCESS_STATES = [
  'decided',
  'own-door',
  'undecided',
  'forbidden',
  'other-leg',
  'outside-role',
  'foreign-network',
  'ambiguous',
  'unattributed',
  'refused',
] as const;
export type AccessState = (typeof ACCESS_STATES)[number];

export function stateOf(access: ReportedAccess): AccessState {
  const { explained, outcome } = access;
  if (outcome !== 'allowed') return 'refused';
  switch (explained.kind) {
    case 'attributed': {
      const outside = judgeRole(explained, access.act);
      if (outside !== undefined) return outside === 'outside-role' ? outside : 'other-leg';
      const foreign = judgeNetwork(explained, access);
      if (foreign !== undefined) return foreign;
      if (explained.decision === undefined) return 'undecided';
      return explained.decision.effect === 'permit' ? 'decided' : 'forbidden';
    }
    case 'own-door':
      return 'own-door';
    case 'ambiguous':
      return 'ambiguous';
    case 'unattributed':
      return 'unattributed';
    case 'internal':
      return 'decided';
  }
}
