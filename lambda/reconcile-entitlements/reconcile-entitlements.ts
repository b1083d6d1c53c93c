import { RECONCILE_CAUSES, type ReconcileCause, ROOM_EVENTS } from '../../lib/domain/enforcement/room-events';
import type { Registry } from '../../lib/domain/registry/registry';
import { describeError } from '../shared/describe-error';
import { fieldsOf } from '../shared/fields-of';
import { takeTurns } from '../shared/take-turns';
import type { Depth } from './entitlement-service';
import { type Reconciled, type Reconciler, reconcileAgreement } from './reconcile-agreement';
import { type Correspondence, writeToParties } from './write-to-parties';

/** Some agreements are not as they should be, or a letter did not go out; what could be done for the others is done. */
class NotReconciled extends Error {
  override readonly name = 'NotReconciled';
}

/**
 * Reconciles the agreement that an event names, and by the clock every one on record: first what is granted in all of them, then
 * the parties are written to, so that no agreement's letters keep another's access open. What an event says happened is not
 * believed: it is a reason to look. One that it names and that is not on the list of agreements was lost from there: nothing else
 * looks at it, so it is put back, looked at, and told.
 * @throws NotReconciled so that it is tried again, and alarmed on
 */
export async function reconcileEntitlements(event: unknown, reconciler: Reconciler & Correspondence): Promise<void> {
  const { registry, now, log } = reconciler;
  const { cause, agreement } = readCause(event);
  const all = await registry.listAgreements();
  const due = cause === 'event' ? (agreement === undefined ? [] : [agreement]) : takeTurns(all, now());
  const depth: Depth = cause === 'term' ? 'full' : 'quick';
  const failed = new Set<string>();
  const tell = (message: string, each: string, error: unknown) => {
    failed.add(each);
    log.error(message, { agreement: each, error: describeError(error) });
  };
  const looks = new Map<string, Reconciled>();
  let changes = 0;
  for (const each of due) {
    try {
      if (!all.includes(each)) {
        tell(
          'Agreement not on the list of agreements',
          each,
          'An event names it. What is on record of it counts again.',
        );
        await putBack(registry, each);
      }
      const look = await reconcileAgreement(reconciler, each, depth);
      looks.set(each, look);
      changes += look.made;
      if (cause === 'event' && look.about === undefined && look.unkept === undefined)
        tell('Agreement not on record', each, 'An event names it, and where it stands is not on record: restore that.');
      if (look.unkept !== undefined) tell('Agreement not reconciled', each, look.unkept);
      if (look.unasked !== undefined) tell('What a peer granted was not looked at', each, look.unasked);
      if (look.failed.length > 0)
        tell('Agreement not reconciled', each, `Not all entitlements of ${look.failed.join(', ')} are as agreed.`);
    } catch (error) {
      tell('Agreement not reconciled', each, error);
    }
  }
  log.info('Entitlements compared with what is agreed', { cause, agreements: due.length, changes });
  for (const [each, { about }] of looks) {
    try {
      if (about !== undefined) await writeToParties(reconciler, about);
    } catch (error) {
      tell('A letter was not sent', each, error);
    }
  }
  if (failed.size > 0) throw new NotReconciled(`Not reconciled: ${[...failed].join(', ')}.`);
}

/** One of which anything is on record that can be read: whoever registers an agreement keeps its version first, and lists it then. */
async function putBack(registry: Registry, agreement: string): Promise<void> {
  const known = await Promise.all([
    registry.current(agreement).listReadable(),
    registry.versions(agreement).listReadable(),
  ]);
  if (known.some((records) => records.length > 0)) await registry.enlist(agreement);
}

interface Cause {
  readonly cause: ReconcileCause | 'event' | 'asked';
  /** Of the room's own events, that each name one. */
  readonly agreement?: string;
}

function readCause(event: unknown): Cause {
  const { cause, source, detail } = fieldsOf(event);
  const known = RECONCILE_CAUSES.find((each) => each === cause);
  if (known !== undefined) return { cause: known };
  // Called by a person, not by a bus.
  if (source === undefined) return { cause: 'asked' };
  const { agreement } = fieldsOf(detail);
  return source === ROOM_EVENTS.source && typeof agreement === 'string'
    ? { cause: 'event', agreement }
    : { cause: 'event' };
}
