import { addDuration } from '../../agreement/periods/duration';
import type { Plan } from '../../agreement/plan/plan';
import type { BreachReport } from '../../registry/breach-report';
import type { Conduct } from '../../registry/conduct';
import type { AttestationRecord, ReleaseAttestation } from '../../registry/conduct-records';
import { lastDayOf } from '../../registry/registered-agreement';
import { listReceivedLegs } from '../peers/list-received-legs';
import type { LegUnder } from './list-former-legs';
import { listHeldVersions, retentionEndsAt, whenFirstSaid } from './retention-ends-at';
import { whenDestroyed } from './when-destroyed';

export const RETENTION_STATES = ['kept', 'due', 'overdue', 'attested'] as const;

/** A release that its receiver may keep until a time, and then destroys. */
interface RetainedRelease extends LegUnder {
  readonly round: string;
  readonly receivedAt: string;
  /** When its time is over: UTC, ISO 8601. */
  readonly over: string;
  /** Until when its destruction is attested: UTC, ISO 8601. */
  readonly due: string;
  /** When its receiver attested that it is destroyed. */
  readonly attestedAt?: string;
  readonly state: (typeof RETENTION_STATES)[number];
}

type Retention = Pick<
  Conduct,
  'state' | 'versions' | 'ending' | 'ended' | 'earlier' | 'rounds' | 'releases' | 'attestations' | 'releaseAttestations'
>;

/**
 * Every release that came out, and how it stands with its `retain`. What is kept when the agreement ends is destroyed by the
 * terms of its exit, all at once: of that nothing stands here.
 * @param now UTC, ISO 8601
 */
export function listRetained(plan: Plan, conduct: Retention, now: string): readonly RetainedRelease[] {
  const published = new Set(conduct.rounds.filter(({ state }) => state === 'published').map(({ day }) => day));
  const last = lastDayOf(plan, conduct);
  const versions = listHeldVersions(plan, conduct, now);
  return listReceivedLegs(plan, conduct).flatMap(({ leg, under, releases }) =>
    releases
      .filter(({ round }) => published.has(round))
      .flatMap((release): readonly RetainedRelease[] => {
        const over = retentionEndsAt(release.at, leg, versions);
        if (over.slice(0, 10) > last) return [];
        const due = whenFirstSaid(versions, over, ({ term }) => addDuration(over, term.destroyWithin));
        const attestedAt = whenDestroyed(leg.id, release.round, conduct);
        const held = { leg, under, round: release.round, receivedAt: release.at, over, due };
        if (attestedAt !== undefined) return [{ ...held, attestedAt, state: 'attested' }];
        const isPast = (instant: string) => Date.parse(now) >= Date.parse(instant);
        return [{ ...held, state: isPast(due) ? 'overdue' : isPast(over) ? 'due' : 'kept' }];
      }),
  );
}

/** Releases whose destruction is not attested in time, one report for each, and those of which it has been since. */
export function judgeRetention(plan: Plan, conduct: Retention, now: string) {
  if (conduct.state === 'draft') return { overdue: [], attested: [] };
  const retained = listRetained(plan, conduct, now);
  const overdue = retained
    .filter(({ state }) => state === 'overdue')
    .map(
      ({ leg, round, due }): BreachReport => ({
        report: nameRetained(leg.id, round),
        agreement: plan.agreement.id,
        breach: 'overdue-destruction',
        party: leg.to,
        leg: leg.id,
        round,
        since: due,
        reportedAt: now,
      }),
    );
  const attested = retained.flatMap(({ leg, round, attestedAt: at }) =>
    at === undefined ? [] : [{ report: nameRetained(leg.id, round), at }],
  );
  return { overdue, attested };
}

function nameRetained(leg: string, round: string): string {
  return `not-destroyed:${leg}:${round}`;
}

/** A receiver's signed word that it has destroyed releases, as one record for each. */
export function listReleaseAttestations(
  attestation: AttestationRecord,
  releases: readonly string[],
): readonly ReleaseAttestation[] {
  return releases.map((round) => ({ ...attestation, round, releases: [...releases] }));
}
