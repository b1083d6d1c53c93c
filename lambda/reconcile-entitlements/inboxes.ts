import { DeleteObjectsCommand, type S3Client } from '@aws-sdk/client-s3';
import type { PlannedLeg } from '../../lib/domain/agreement/plan/plan';
import type { ActualEntitlement } from '../../lib/domain/exchange/entitlements/diff-entitlements';
import { findVersionOf } from '../../lib/domain/exchange/entitlements/list-former-legs';
import { CERTIFICATE } from '../../lib/domain/privacy/certificate/hash-files';
import type { AgreementOnRecord } from '../../lib/domain/registry/read-conduct';
import type { ReleaseRecord } from '../../lib/domain/registry/round-records';
import { inboxPrefix } from '../../lib/domain/room/inbox-prefix';
import { roundPrefix } from '../../lib/domain/room/release-prefix';
import { findLeg } from '../shared/find-leg';
import { type Objects, openObjects } from '../shared/objects';
import type { EntitlementService } from './entitlement-service';

/**
 * Inboxes in the lake bucket, which SFTP and the warehouses' roles read: what a receiver may reach is copied there, and hidden
 * there when it may no longer. Hidden is not removed: versions stay as long as the room keeps what was replaced.
 */
export function openInboxes(s3: S3Client, bucket: string): EntitlementService {
  const lake = openObjects(s3, bucket);
  return {
    kinds: ['sftp', 'snowflake', 'gcs'],
    async list(on, recorded) {
      const legs = on.plan.legs.filter(({ via }) => KINDS.has(via.kind));
      const found = await Promise.all(
        legs.map(async (leg) => {
          const releases = recorded.releasesOf(leg.id);
          const held = releases === undefined ? await lookInto(lake, on, leg) : { releases };
          const account = on.plan.parties.find(({ id }) => id === leg.to)?.account ?? '';
          const kind = leg.via.kind as 'sftp' | 'snowflake' | 'gcs';
          return { kind, leg: leg.id, account, ...held, reference: inboxOf(on, leg) };
        }),
      );
      const former = await Promise.all(listFormerInboxes(on).map((leg) => seeFormer(lake, on, leg)));
      return [...found, ...former].filter(({ releases }) => releases.length > 0);
    },
    async apply(on, step) {
      const leg = findLeg(on, step.leg) ?? listFormerInboxes(on).find(({ id }) => id === step.leg);
      if (leg === undefined) throw new Error('No leg of the agreement has such an inbox.');
      const inbox = inboxOf(on, leg);
      const hide = (keys: readonly string[]) => hideAll(s3, bucket, keys);
      if (step.do === 'grant' || step.do === 'show')
        for (const day of step.releases) await copyRound(lake, on, leg, day, { to: `${inbox}${day}/`, hide });
      // With what is on record nowhere, as it was being put there.
      if (step.do === 'revoke') await hide(await lake.list(inbox));
      if (step.do === 'withdraw')
        await hide((await lake.list(inbox)).filter((key) => step.releases.includes(dayOf(key, inbox))));
      return inbox;
    },
  };
}

const KINDS: ReadonlySet<string> = new Set(['sftp', 'snowflake', 'gcs']);

/** Legs that had an inbox by an earlier version, and have none by the one in force: what lies there is hidden. */
function listFormerInboxes({ plan, conduct }: AgreementOnRecord): readonly PlannedLeg[] {
  const own = new Set(plan.legs.filter(({ via }) => KINDS.has(via.kind)).map(({ id }) => id));
  const had = conduct.earlier.flatMap(({ legs }) => legs).filter(({ id, via }) => KINDS.has(via.kind) && !own.has(id));
  return [...new Map(had.map((leg) => [leg.id, leg])).values()];
}

/** By what lies there: the record of the leg is about another way, or ends with it. */
async function seeFormer(lake: Objects, on: AgreementOnRecord, leg: PlannedLeg) {
  const inbox = inboxOf(on, leg);
  const days = new Set((await lake.list(inbox)).map((key) => dayOf(key, inbox)));
  const under = findVersionOf(leg.to, on.plan, on.conduct.earlier);
  const account = under.parties.find(({ id }) => id === leg.to)?.account ?? '';
  return { kind: leg.via.kind as 'sftp', leg: leg.id, account, releases: [...days].sort(), reference: inbox };
}

function inboxOf({ plan }: AgreementOnRecord, leg: PlannedLeg): string {
  return inboxPrefix(plan.agreement.id, leg);
}

/** A release has a folder, called by its day. What somebody put there by hand may have any name. */
function dayOf(key: string, inbox: string): string {
  const [day = ''] = key.slice(inbox.length).split('/');
  return day;
}

/**
 * What lies there. A round that was copied or hidden in part is there, and has to be taken back like any other; it is altered, and
 * has to be put there again where it is granted. So is one that holds what was not released.
 */
async function lookInto(
  lake: Objects,
  on: AgreementOnRecord,
  leg: PlannedLeg,
): Promise<Required<Pick<ActualEntitlement, 'releases' | 'altered'>>> {
  const inbox = inboxOf(on, leg);
  const keys = await lake.list(inbox);
  const days = [...new Set(keys.map((key) => dayOf(key, inbox)))].sort();
  const isWhole = await Promise.all(
    days.map(async (day) => {
      const [to, from] = [`${inbox}${day}/`, roundPrefix(on.plan.agreement.id, leg, day)];
      const released = (await lake.list(from)).map((key) => `${to}${key.slice(from.length)}`);
      const lies = keys.filter((key) => dayOf(key, inbox) === day && key !== `${to}${CERTIFICATE}`);
      // S3 may have removed what was released before what was copied later: there is nothing to hold it against.
      const isGone = released.length === 0;
      return isGone || (lies.length === released.length && released.every((key) => lies.includes(key)));
    }),
  );
  return { releases: days, altered: days.filter((_, index) => !isWhole[index]) };
}

async function copyRound(
  lake: Objects,
  on: AgreementOnRecord,
  leg: PlannedLeg,
  day: string,
  { to, hide }: { readonly to: string; readonly hide: (keys: readonly string[]) => Promise<void> },
): Promise<void> {
  const from = roundPrefix(on.plan.agreement.id, leg, day);
  const released = (await lake.list(from)).map((key) => ({ key, copy: `${to}${key.slice(from.length)}` }));
  if (released.length === 0) throw new Error(`There is nothing to put into ${to}: publish the round first.`);
  const belongs = new Set([`${to}${CERTIFICATE}`, ...released.map(({ copy }) => copy)]);
  await hide((await lake.list(to)).filter((key) => !belongs.has(key)));
  // First, so that a round that is whole has it.
  const release = on.conduct.releases.find((each) => each.leg === leg.id && each.round === day);
  if (release !== undefined) await copyCertificate(lake, release, to);
  for (const { key, copy } of released) await lake.copy(key, copy);
}

/** As it was verified when the round was published. A release may be kept for longer than the escrow keeps certificates. */
async function copyCertificate(lake: Objects, { place, certificate }: ReleaseRecord, to: string): Promise<void> {
  const key = `${place}${CERTIFICATE}`;
  if (!(await lake.list(key)).includes(key)) return;
  const { sha256, tag } = await lake.hash(key);
  if (sha256 !== certificate) throw new Error(`${key} is not the certificate on record.`);
  await lake.copy(key, `${to}${CERTIFICATE}`, tag);
}

/** What can be hidden is, though something cannot. */
async function hideAll(s3: S3Client, bucket: string, keys: readonly string[]): Promise<void> {
  let left = 0;
  for (let at = 0; at < keys.length; at += MOST_AT_ONCE) {
    const Objects = keys.slice(at, at + MOST_AT_ONCE).map((Key) => ({ Key }));
    const { Errors = [] } = await s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }));
    left += Errors.length;
  }
  if (left > 0) throw new Error(`${left} objects of an inbox could not be hidden.`);
}

/** S3 takes so many keys in one call. */
const MOST_AT_ONCE = 1000;
