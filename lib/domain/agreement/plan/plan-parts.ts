import canonicalize from 'canonicalize';
import { encodeText, formatHex, type Sha256 } from '../../bytes';
import type { Plan } from './plan';

/** By part of a plan (`legs`, `datasets`, …): SHA-256 of its canonical JSON (RFC 8785), hexadecimal. */
type PlanParts = Readonly<Record<string, string>>;

/** By these whoever has the agreement's file finds whether a plan follows from it, and where it does not, without being handed it. */
export function hashPlanParts(plan: Plan, sha256: Sha256): PlanParts {
  return Object.fromEntries(
    Object.entries(plan).flatMap(([name, part]) => {
      const text = canonicalize(part);
      return text === undefined ? [] : [[name, formatHex(sha256(encodeText(text)))]];
    }),
  );
}

export function listDifferingParts(one: PlanParts, other: PlanParts): readonly string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].filter((name) => one[name] !== other[name]).sort();
}
