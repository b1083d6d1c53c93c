import { addDuration } from '../agreement/duration';
import type { Plan } from '../agreement/plan';
import type { BreachReport } from '../enforcement/breach-report';
import type { ErasureRecord } from '../enforcement/registry/registry-records';
import type { Conduct } from './conduct';

/** Who asks for what to be erased. Hashes and tokens only: the identifier stays where it was typed. */
export interface ErasureRequest {
  readonly id: string;
  readonly dataset: string;
  /** HMAC-SHA256 of the identifier under a key of its owner's, hexadecimal. */
  readonly subject: string;
  /** The subject's token, by receiver; absent where the dataset releases none. */
  readonly tokens: Readonly<Record<string, string>>;
  readonly at: string;
}

/** How long a receiver has to say that it is done: the month of GDPR, article 12 (3). */
export const ERASURE_TIME = 'P1M';

/** Every release that may hold the subject, and who has to erase it from there. */
export function planErasure(
  plan: Plan,
  { releases }: Pick<Conduct, 'releases'>,
  request: ErasureRequest,
): ErasureRecord {
  const { id, dataset, subject, tokens, at } = request;
  const receivers = plan.legs
    .filter((leg) => leg.dataset === dataset)
    .map(({ id: leg, to }) => ({
      leg,
      party: to,
      ...(Object.hasOwn(tokens, to) ? { token: tokens[to]! } : {}),
      releases: releases
        .filter((release) => release.leg === leg && release.state !== 'prepared')
        .map(({ round }) => round),
    }));
  return {
    id,
    agreement: plan.agreement.id,
    dataset,
    subject,
    requestedAt: at,
    deadline: toInstant(addDuration(at, ERASURE_TIME)),
    receivers,
  };
}

/** Receivers that had the subject and have not said that it is gone, and whether their time is over. */
export function listUnconfirmed(
  erasures: readonly ErasureRecord[],
  now: string,
): readonly { readonly erasure: string; readonly party: string; readonly leg: string; readonly overdue: boolean }[] {
  return erasures.flatMap(({ id, deadline, receivers }) =>
    receivers
      .filter(({ confirmedAt, releases }) => confirmedAt === undefined && releases.length > 0)
      .map(({ party, leg }) => ({ erasure: id, party, leg, overdue: Date.parse(now) >= Date.parse(deadline) })),
  );
}

/** Receivers that did not say in time that a subject is erased, one report for each leg, and who has said it since. */
export function judgeErasures(plan: Plan, erasures: readonly ErasureRecord[], now: string) {
  const late = listUnconfirmed(erasures, now).filter(({ overdue }) => overdue);
  const overdue = late.flatMap(({ erasure, party, leg }): readonly BreachReport[] => {
    const { deadline: since = now } = erasures.find(({ id }) => id === erasure) ?? {};
    const report = nameReport(erasure, leg);
    const agreement = plan.agreement.id;
    return [{ report, agreement, breach: 'overdue-destruction', party, leg, since, reportedAt: now }];
  });
  const confirmed = erasures.flatMap(({ id, receivers }) =>
    receivers.flatMap(({ leg, confirmedAt: at }) => (at === undefined ? [] : [{ report: nameReport(id, leg), at }])),
  );
  return { overdue, confirmed };
}

function nameReport(erasure: string, leg: string): string {
  return `not-erased:${erasure}:${leg}`;
}

/** Hashes of the subjects that a dataset's next deliveries are to be cleaned of. */
export function listErased(erasures: readonly ErasureRecord[], dataset: string): readonly string[] {
  return erasures.filter((erasure) => erasure.dataset === dataset).map(({ subject }) => subject);
}

function toInstant(moment: string): string {
  return new Date(moment).toISOString();
}
