import type { Plan } from '../../lib/domain/agreement/plan/plan';
import { registerAgreement } from '../../lib/domain/enforcement/registration/register-agreement';
import { signVersion } from '../../lib/domain/enforcement/registration/sign-version';
import { believe, signatureOf, versionOf } from '../fixtures/registered';
import { AGREEMENT, DAY, PLAN, type RingRoom, type Seen } from './ring-room';

/* The round of the ring room, its last leg by a warehouse, whose role reads the inbox. */

export const LEGS = PLAN.legs.map((leg, at) => (at === 2 ? { ...leg, via: warehouse() } : leg));

function warehouse() {
  const storageAwsIamUserArn = 'arn:aws:iam::444455556666:user/of-snowflake';
  return { kind: 'snowflake', storageAwsIamUserArn, externalId: 'CLINIC_SFCRole=2_abc' } as const;
}

const accountOf = (party: string) => PLAN.parties.find(({ id }) => id === party)!.account;

export const NOTHING: Seen = {
  round: 'open',
  revisions: [],
  grants: [],
  permissions: [],
  filter: "round = ''",
  partitions: [],
  inbox: [],
};

export const EVERYTHING: Seen = {
  round: 'published',
  revisions: ['final'],
  grants: [accountOf(PLAN.legs[0]!.to)],
  permissions: [accountOf(PLAN.legs[1]!.to)],
  filter: `round in ('${DAY}')`,
  partitions: [DAY],
  inbox: [`${DAY}/certificate.json`, `${DAY}/part-0.parquet`, `${DAY}/part-1.parquet`],
};

/** As its schedule calls it while Data Exchange imports. */
const CALLS = 3;

/** Looks at the rounds, each to be done after the one before. */
export function publishing(room: RingRoom): readonly (() => Promise<unknown>)[] {
  return Array.from({ length: CALLS }, () => () => room.publish());
}

export async function publish(room: RingRoom): Promise<void> {
  for (const look of publishing(room)) await look();
}

/** Anew, with a release of each leg that waits. */
export async function prepare(room: RingRoom): Promise<void> {
  await room.local.reset();
  await room.agree();
  for (const leg of [0, 1, 2]) await room.deliver(leg);
}

/** A version with these legs waits for signatures, while the stack stands as it was drawn. */
export async function propose({ registry }: RingRoom, legs: Plan['legs']): Promise<Plan> {
  const version = PLAN.agreement.version + 1;
  const next = { ...PLAN, agreement: { ...PLAN.agreement, version, content: 'e2'.repeat(32) }, legs };
  const { provisioned } = (await registry.current(AGREEMENT).read())!;
  await registerAgreement(registry, { ...versionOf(next), provisioned }, AMENDED_AT);
  return next;
}

const AMENDED_AT = `${DAY}T09:00:00Z`;

/** All sign such a version. */
export async function amend(room: RingRoom, legs: Plan['legs']): Promise<Plan> {
  const next = await propose(room, legs);
  for (const { id } of PLAN.parties)
    await signVersion(room.registry, signatureOf(next, id, { at: AMENDED_AT }), believe);
  return next;
}

/** As whoever deploys the stack of the version in force has it. */
export async function drawAnew({ registry }: RingRoom): Promise<void> {
  const version = PLAN.agreement.version + 1;
  await registry
    .current(AGREEMENT)
    .change([], ({ provisioned, ...current }) => ({ ...current, provisioned: { ...provisioned, version } }));
}

export async function listRecords({ registry }: RingRoom) {
  const releases = await registry.releases(AGREEMENT).list();
  const entitlements = await registry.entitlements(AGREEMENT).list();
  return {
    releases: releases.map(({ leg, state }) => `${leg} ${state}`),
    entitlements: entitlements.map(({ leg, state, clause, releases: days }) => `${leg} ${state} ${clause} ${days}`),
  };
}
