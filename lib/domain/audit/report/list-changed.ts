import type { AuditedFunction } from './audit-header';

/** The functions whose code or settings were changed at a time, UTC, ISO 8601, or after it. */
export function listChanged(functions: readonly AuditedFunction[], from: string): readonly AuditedFunction[] {
  return functions.filter(({ changed }) => Date.parse(changed) >= Date.parse(from));
}
