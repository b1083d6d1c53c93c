import type { SidePlan } from '../../agreement/plan-for-side';
import type { VersionSignature } from '../../agreement/signature';
import { listSigned } from '../../agreement/signing-rules';
import { lastDayOf } from '../../enforcement/registered-agreement';
import type { CurrentRecord } from '../../enforcement/registry/agreement-records';
import { listFormerLegs } from '../../exchange/list-former-legs';
import { toInstant } from '../../to-instant';
import type { PlacedVersion } from './place-agreement';

/**
 * When each version of one agreement held, by what is on record. A version holds from its term's first day, or when the last
 * party signed it if that was later, until a later one does, its last day is over, or the agreement ended: one that ends
 * before it begins never held, nor did what not all have signed. Rounds, the audit and the watch over accesses go by this one
 * rule.
 */
export function listSignedVersions(
  plans: readonly SidePlan[],
  signatures: readonly VersionSignature[],
  { history, ending }: Pick<CurrentRecord, 'history' | 'ending'>,
): readonly PlacedVersion[] {
  const signed = listSigned(plans, signatures);
  const begins = signed.map((plan) => {
    const own = signatures.filter(({ version }) => version === plan.agreement.version).map(({ at }) => at);
    return latest([`${plan.term.starts}T00:00:00.000Z`, ...own]);
  });
  const ended = history.filter(({ act }) => act === 'end').map(({ at }) => at);
  return signed.map((plan, at) => {
    const over = endOfDay(lastDayOf(plan, ending));
    const former = listFormerLegs(plan, signed.slice(0, at)).map(({ leg }) => leg);
    return { plan, former, from: begins[at]!, to: earliest([over, ...ended, ...begins.slice(at + 1)]) };
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
