import type { SidePlan } from '../../agreement/plan/plan-for-side';
import type { VersionSignature } from '../../agreement/signature';
import { listSigned } from '../../agreement/signing-rules';
import { listFormerLegs } from '../../exchange/entitlements/list-former-legs';
import type { CurrentRecord } from '../../registry/agreement-records';
import { findEnd } from '../../registry/find-end';
import { lastDayOf } from '../../registry/registered-agreement';
import { toInstant } from '../../to-instant';
import type { PlacedVersion } from './place-agreement';

/**
 * When each version of one agreement held, by what is on record. A version holds from its term's first day, or when the last
 * party signed it if that was later, until a later one does, its last day is over, or the agreement ended. One that was
 * replaced before it began never held: it is over before it begins here; nor did what not all have signed. Rounds, the audit
 * and the watch over accesses go by this one rule.
 */
export function listSignedVersions(
  plans: readonly SidePlan[],
  signatures: readonly VersionSignature[],
  current: Pick<CurrentRecord, 'history' | 'ending'>,
): readonly PlacedVersion[] {
  const signed = listSigned(plans, signatures);
  const times = signed.map(({ agreement: { version }, term }) => {
    const own = signatures.filter((each) => each.version === version).map(({ at }) => at);
    const begins = `${term.starts}T00:00:00.000Z`;
    return { signed: latest(own), begins: latest([begins, ...own]) };
  });
  const ended = findEnd(current);
  return signed.map((plan, at) => {
    const { begins } = times[at]!;
    const later = times.slice(at + 1);
    const replaced = later.flatMap((next, index) => {
      if (next.signed < begins) return [next.signed];
      // What waits for its first day, and is replaced by what is signed meanwhile, ends nothing then.
      return later.slice(index + 1).some((after) => after.signed < next.begins) ? [] : [next.begins];
    });
    const over = endOfDay(lastDayOf(plan, current));
    const former = listFormerLegs(plan, signed.slice(0, at)).map(({ leg }) => leg);
    return {
      plan,
      former,
      from: begins,
      to: earliest([over, ...(ended === undefined ? [] : [ended.at]), ...replaced]),
    };
  });
}

const DAY_MS = 24 * 60 * 60 * 1000;

function endOfDay(day: string): string {
  return toInstant(Date.parse(`${day}T00:00:00Z`) + DAY_MS);
}

function latest(times: readonly string[]): string {
  return toInstant(Math.max(...times.map((time) => Date.parse(time))));
}

function earliest(times: readonly string[]): string {
  return toInstant(Math.min(...times.map((time) => Date.parse(time))));
}
