import { DOOR_BOUNDS } from '../../lib/domain/enforcement/doors/door-bounds';
import { addKnocks, describeKnock, type Knock } from '../../lib/domain/enforcement/doors/knocks';
import { NO_AGREEMENT } from '../../lib/domain/enforcement/policies/describe-refusal';
import type { DecisionRecord, KnocksRecord } from '../../lib/domain/registry/door-records';
import type { Registry } from '../../lib/domain/registry/registry';

/** `source`: an address, or an account. */
export type RecordAtDoor = (registry: Registry, decision: DecisionRecord, source: string) => Promise<void>;

const { refusals: WHOLE } = DOOR_BOUNDS;
const PAUSE = DOOR_BOUNDS.seconds * 1000;

/**
 * Puts on record what was decided at a door where others choose how often they come: the SFTP server, the bus for peers, the
 * API. What is permitted is there whole up to a number a day; beyond, an equal permission of the last seconds stands for it. Who
 * is refused may be anybody who can reach the door: strangers are counted by day and network, refusals of parties are whole up
 * to a number and counted. A flood makes as many records as a day has slots, and is written every few seconds; what it adds
 * after the last of those is in the function's log alone.
 * @param whole equal permissions that are on record whole; all, where a link names the decision that gave it
 */
export function openDoorRecorder(whole: number = DOOR_BOUNDS.permissions): RecordAtDoor {
  const waiting = new Map<string, { readonly since: number; readonly times: number }>();
  const permits = new Map<string, { readonly since: number; readonly count: number }>();
  return async (registry, decision, source) => {
    const decisions = registry.decisions(decision.agreement.id);
    if (decision.effect === 'permit') {
      const { agreement, party, leg, operation, policy, clause, at } = decision;
      const terms = [agreement.id, agreement.version, party, leg, operation, policy, clause, at.slice(0, 10)].join(' ');
      const { since, count } = permits.get(terms) ?? { since: 0, count: 0 };
      const time = Date.parse(at);
      if (count >= whole && Math.abs(time - since) < PAUSE) return;
      await decisions.create(decision);
      if (permits.size > 1000) permits.clear();
      permits.set(terms, { since: time, count: count + 1 });
      return;
    }
    const knock = describeKnock(decision, source);
    const name = `${knock.agreement} ${knock.day} ${knock.slot}`;
    const now = Date.parse(knock.at);
    const held = waiting.get(name);
    if (held !== undefined && Math.abs(now - held.since) < PAUSE) {
      waiting.set(name, { ...held, times: held.times + 1 });
      return;
    }
    const { count } = await countKnocks(registry, knock, 1 + (held?.times ?? 0));
    // Of yesterday's nothing waits that could be added today.
    if (waiting.size > 1000) waiting.clear();
    if (count > WHOLE) waiting.set(name, { since: now, times: 0 });
    if (decision.agreement.id !== NO_AGREEMENT && count <= WHOLE) await decisions.create(decision);
  };
}

async function countKnocks(registry: Registry, knock: Knock, times: number): Promise<KnocksRecord> {
  const knocks = registry.knocks(knock.agreement);
  const first = addKnocks(undefined, knock, times);
  const add = () => knocks.change([knock.day, knock.slot], (before) => addKnocks(before, knock, times));
  return (await add()) ?? ((await knocks.create(first)) ? first : ((await add()) ?? first));
}
