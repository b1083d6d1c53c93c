import { createHash } from 'node:crypto';
import { openInboxes } from '../../../../lambda/reconcile-entitlements/inboxes';
import { reconcileEntitlements } from '../../../../lambda/reconcile-entitlements/reconcile-entitlements';
import type { Plan, PlannedLeg } from '../../../../lib/domain/agreement/plan/plan';
import { CERTIFICATE } from '../../../../lib/domain/privacy/certificate/hash-files';
import { inboxPrefix } from '../../../../lib/domain/room/inbox-prefix';
import { roundPrefix } from '../../../../lib/domain/room/release-prefix';
import { conductOf } from '../../../fixtures/conduct';
import { openLakeInMemory } from '../../../fixtures/lake-in-memory';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { recordLog } from '../../../fixtures/recorded-log';
import { registerSigned } from '../../../fixtures/registered';
import { standStill } from '../../../fixtures/stand-still';

const LEG: PlannedLeg = { ...TELCO_RETAIL_PLAN.legs[0]!, via: { kind: 'sftp' } };
const PLAN: Plan = { ...TELCO_RETAIL_PLAN, legs: [LEG, { ...TELCO_RETAIL_PLAN.legs[1]!, via: { kind: 'api' } }] };
const AGREEMENT = PLAN.agreement.id;
const DAYS = ['2026-01-01', '2026-01-08'];
const INBOX = inboxPrefix(AGREEMENT, LEG);
const NAMES = ['part-0.parquet', 'part-1.parquet'];
const RELEASED = DAYS.flatMap((day) => NAMES.map((name) => `${roundPrefix(AGREEMENT, LEG, day)}${name}`));
const COPIED = DAYS.flatMap((day) => NAMES.map((name) => `${INBOX}${day}/${name}`));

/** A room in which two rounds are published, each release of two files. */
async function openRoom(days = DAYS) {
  const { registry } = await registerSigned(PLAN);
  const publish = async (published: readonly string[]) => {
    const { rounds, releases } = conductOf(PLAN, published);
    for (const round of rounds) await registry.rounds(AGREEMENT).create(round);
    for (const release of releases) await registry.releases(AGREEMENT).create(release);
  };
  await registry.current(AGREEMENT).change([], (current) => ({ ...current, state: 'active' }));
  await publish(days);
  const trouble = { keeps: new Set<string>(), breaks: new Set<string>() };
  const lake = openLakeInMemory(
    RELEASED,
    (key) => trouble.keeps.has(key),
    (key) => trouble.breaks.has(key),
  );
  const { log } = recordLog();
  const run = (now: string, event: unknown = { cause: 'schedule' }) => {
    const services = [openInboxes(lake.s3, 'lake')];
    return reconcileEntitlements(event, { registry, services, ...standStill(), now: () => now, log });
  };
  const inbox = () => [...lake.left].filter((key) => key.startsWith(INBOX)).sort();
  const drifts = async () => (await registry.drifts(AGREEMENT).list()).map(({ did }) => did);
  const suspended = (state: 'active' | 'suspended') =>
    registry.current(AGREEMENT).change([], (current) => ({ ...current, state }));
  return { registry, lake, trouble, run, inbox, drifts, publish, suspended };
}

const NOON = '2026-01-08T13:00:00Z';
const OVER = '2027-01-01T00:05:00Z';
const LOOK = { cause: 'term' };

test('what a receiver gets is there, and once it is over nothing is', async () => {
  const { run, inbox, drifts } = await openRoom();
  await run(NOON);
  expect(inbox()).toEqual(COPIED);
  await run(OVER, LOOK);
  expect(inbox()).toEqual([]);
  expect(await drifts()).toEqual([]);
});

test.each([
  ['of the release is there too', true],
  ['that is not the one on record is handed to nobody, and nothing with it', false],
])('a certificate %s', async (_, isOnRecord) => {
  const { registry, lake, run, inbox } = await openRoom();
  const [first] = (await registry.releases(AGREEMENT).list()).filter(({ leg }) => leg === LEG.id);
  if (first === undefined) throw new Error('A release was registered.');
  const key = `${first.place}${CERTIFICATE}`;
  lake.left.add(key);
  const certificate = createHash('sha256')
    .update(isOnRecord ? key : 'another')
    .digest('hex');
  await registry.releases(AGREEMENT).change([first.round, first.leg], (each) => ({ ...each, certificate }));
  if (isOnRecord) await run(NOON);
  else await expect(run(NOON)).rejects.toThrow(`Not reconciled: ${AGREEMENT}.`);
  const copied = `${INBOX}${first.round}/${CERTIFICATE}`;
  expect(inbox()).toEqual(isOnRecord ? [...COPIED, copied].sort() : []);
});

test.each(['schedule', 'term'])('what could not be hidden at the end is hidden the next time: %s', async (cause) => {
  const { registry, trouble, run, inbox, drifts } = await openRoom();
  await run(NOON);
  trouble.keeps.add(COPIED[2]!);
  await expect(run(OVER, LOOK)).rejects.toThrow(`Not reconciled: ${AGREEMENT}.`);
  expect(inbox()).toEqual([COPIED[2]]);
  expect(await registry.entitlements(AGREEMENT).read(LEG.id)).toMatchObject({ state: 'granted' });
  trouble.keeps.clear();
  await run('2027-01-01T00:10:00Z', { cause });
  expect(inbox()).toEqual([]);
  expect(await registry.entitlements(AGREEMENT).read(LEG.id)).toMatchObject({ state: 'revoked' });
  expect(await drifts()).toEqual([]);
});

test.each<[string, number, readonly string[]]>([
  ['the first release', 1, COPIED.slice(0, 1)],
  ['a later one', 3, COPIED.slice(0, 3)],
])('what was put there in part, and is withheld by the next look, is hidden: %s', async (_, at, lies) => {
  const { registry, trouble, run, inbox, drifts, suspended } = await openRoom();
  trouble.breaks.add(COPIED[at]!);
  await expect(run(NOON)).rejects.toThrow(`Not reconciled: ${AGREEMENT}.`);
  expect(inbox()).toEqual(lies);
  await suspended('suspended');
  await run('2026-01-08T13:05:00Z');
  expect(inbox()).toEqual([]);
  expect(await registry.entitlements(AGREEMENT).read(LEG.id)).toMatchObject({ state: 'revoked', reason: 'suspended' });
  trouble.breaks.clear();
  await suspended('active');
  await run('2026-01-08T13:10:00Z');
  expect(inbox()).toEqual(COPIED);
  const record = await registry.entitlements(AGREEMENT).read(LEG.id);
  expect(record).toMatchObject({ state: 'granted', releases: DAYS });
  expect(record).not.toHaveProperty('giving');
  const last = (await registry.standing(AGREEMENT).list()).flatMap(({ leg, effect }) =>
    leg === LEG.id ? [effect] : [],
  );
  expect(last).toEqual(['permit', 'forbid', 'permit']);
  expect(await drifts()).toEqual([]);
});

test('what was put there in part beside what stays granted, and is taken back by the next look, is hidden', async () => {
  const { registry, trouble, run, inbox, drifts, publish } = await openRoom(DAYS.slice(0, 1));
  await run('2026-01-01T13:00:00Z');
  expect(inbox()).toEqual(COPIED.slice(0, 2));
  await publish(DAYS.slice(1));
  trouble.breaks.add(COPIED[3]!);
  await expect(run(NOON)).rejects.toThrow(`Not reconciled: ${AGREEMENT}.`);
  expect(inbox()).toEqual(COPIED.slice(0, 3));
  await registry.releases(AGREEMENT).change([DAYS[1]!, LEG.id], (each) => ({ ...each, state: 'revoked' }));
  await run('2026-01-08T13:05:00Z');
  expect(inbox()).toEqual(COPIED.slice(0, 2));
  expect(await drifts()).toEqual([]);
});

test('what lies beside what is on record is hidden with it, though nobody looks', async () => {
  const { lake, run, inbox, suspended } = await openRoom();
  await run(NOON);
  lake.left.add(`${INBOX}2026-01-15/raw.csv`);
  await suspended('suspended');
  await run('2026-01-08T13:05:00Z');
  expect(inbox()).toEqual([]);
});

test('what was put back in one look is on record as granted by it', async () => {
  const { registry, lake, run, inbox } = await openRoom();
  await run(NOON);
  lake.left.delete(COPIED[1]!);
  await run('2026-01-09T00:05:00Z', LOOK);
  expect(inbox()).toEqual(COPIED);
  const record = await registry.entitlements(AGREEMENT).read(LEG.id);
  expect(record).toMatchObject({ state: 'granted', releases: DAYS });
  expect(record).not.toHaveProperty('giving');
});

test('what was put there in part goes on with the next look', async () => {
  const { trouble, run, inbox, drifts } = await openRoom();
  trouble.breaks.add(COPIED[3]!);
  await expect(run(NOON)).rejects.toThrow(`Not reconciled: ${AGREEMENT}.`);
  trouble.breaks.clear();
  await run('2026-01-08T13:05:00Z');
  expect(inbox()).toEqual(COPIED);
  expect(await drifts()).toEqual([]);
});

test('one file that cannot be hidden keeps no other', async () => {
  const { lake, trouble, run, inbox } = await openRoom();
  await run(NOON);
  const many = Array.from({ length: 1500 }, (_, index) => `${INBOX}2026-01-08/more-${index}`);
  for (const key of many) lake.left.add(key);
  trouble.keeps.add(COPIED[0]!);
  await expect(run(OVER, LOOK)).rejects.toThrow(`Not reconciled: ${AGREEMENT}.`);
  expect(inbox()).toEqual([COPIED[0]]);
});

test('what somebody changes by hand is put back: a file that is missing, or has another name, one in a release, one beside them', async () => {
  const { lake, run, inbox, drifts } = await openRoom();
  await run(NOON);
  for (const change of [
    () => lake.left.delete(COPIED[1]!),
    () => lake.left.delete(COPIED[1]!) && lake.left.add(`${INBOX}2026-01-01/part-9.parquet`),
    () => lake.left.add(`${INBOX}2026-01-08/raw.csv`),
    () => lake.left.add(`${INBOX}raw.csv`),
    () => lake.left.add(`${INBOX}2026-01-15/part-0.parquet`),
  ]) {
    change();
    await run('2026-01-09T00:05:00Z', LOOK);
    expect(inbox()).toEqual(COPIED);
  }
  expect(await drifts()).toEqual(['changed']);
});

test('what S3 has removed of a release by then takes nothing from what was copied of it', async () => {
  const { lake, run, inbox, drifts } = await openRoom();
  await run(NOON);
  for (const key of RELEASED.slice(0, 2)) lake.left.delete(key);
  await run('2026-01-09T00:05:00Z', LOOK);
  expect(inbox()).toEqual(COPIED);
  expect(await drifts()).toEqual([]);
});
