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
  'ambiguous',
  'unattributed',
  'refused',
] as const;
export type AccessState = (typeof ACCESS_STATES)[number];

export function stateOf({ act, explained, outcome }: ReportedAccess): AccessState {
  if (outcome !== 'allowed') return 'refused';
  switch (explained.kind) {
    case 'attributed': {
      const outside = judgeRole(explained, act);
      if (outside !== undefined) return outside === 'outside-role' ? outside : 'other-leg';
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
