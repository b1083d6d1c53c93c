import type { AgreementInForce } from '../../agreement/agreement-in-force';
import type { AuditReport } from './audit-report';
import { listDestruction } from './list-destruction';
import type { ReportedConduct } from './reported-conduct';

type Period = AuditReport['header']['period'];

/** What a report of a period, made then, tells of how everybody kept to the agreements. */
export function tellConduct(
  agreements: readonly AgreementInForce[],
  conduct: ReportedConduct,
  { period, produced }: Pick<AuditReport['header'], 'period' | 'produced'>,
): ReturnType<typeof selectConduct> & Pick<AuditReport, 'destruction'> {
  return {
    ...selectConduct(conduct, period),
    destruction: [...listDestruction(agreements, conduct, produced), ...conduct.retention, ...conduct.erasures],
  };
}

/**
 * What of the record belongs to a period: breaches that lasted into it, rounds that were due or came into their state in it,
 * releases that were certified in it, problems that were reported and changes by hand that were put back in it, words on breaches that were known
 * to stand in it or were heard in it. In order of time.
 */
export function selectConduct(
  { breaches, rounds, releases, problems, drifts, told }: ReportedConduct,
  period: Period,
): Pick<AuditReport, 'breaches' | 'rounds' | 'releases' | 'problems' | 'drifts' | 'told'> {
  const [from, to] = [Date.parse(period.from), Date.parse(period.to)];
  const isWithin = (at: string) => Date.parse(at) >= from && Date.parse(at) < to;
  const words = told
    .filter(({ heard, until }) => Date.parse(heard) < to && (until === undefined || Date.parse(until) >= from))
    .toSorted((left, right) => Date.parse(left.heard) - Date.parse(right.heard));
  return {
    breaches: breaches
      .filter(({ at, resolvedAt, overruled }) => {
        const over = resolvedAt ?? overruled?.at;
        return Date.parse(at) < to && (over === undefined || Date.parse(over) >= from);
      })
      .toSorted((left, right) => Date.parse(left.at) - Date.parse(right.at)),
    rounds: rounds
      .filter(({ day, at }) => isWithin(`${day}T00:00:00Z`) || isWithin(at))
      .toSorted((left, right) => Date.parse(left.day) - Date.parse(right.day)),
    releases: releases
      .filter(({ at }) => at === undefined || isWithin(at))
      .toSorted((left, right) => Date.parse(left.at ?? period.from) - Date.parse(right.at ?? period.from)),
    problems: problems.filter(({ at }) => isWithin(at)),
    drifts: drifts.filter(({ at }) => isWithin(at)),
    ...(words.length === 0 ? {} : { told: words }),
  };
}
