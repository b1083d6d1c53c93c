import type { LocalRoom } from './start-local-room';

/** An action that a function's role has and no call of these rooms needed. */
export interface UnusedGrant {
  readonly caller: string;
  readonly action: string;
}

/** Of every function that made a call: what its role allows, statement by statement, and none of its calls asked for. */
export function listUnusedGrants(rooms: readonly LocalRoom[]): readonly UnusedGrant[] {
  const used = new Set<string>();
  const granted = new Map<string, UnusedGrant>();
  for (const { gateway } of rooms) {
    for (const { caller, needs } of gateway.calls) for (const { action } of needs) used.add(`${caller} ${action}`);
    for (const { name, statements } of gateway.callers())
      for (const { effect, actions } of statements)
        for (const action of effect === 'Allow' ? actions : [])
          granted.set(`${name} ${action}`, { caller: name, action });
  }
  const active = new Set([...used].map((each) => each.split(' ')[0]));
  return [...granted]
    .filter(([key, { caller }]) => active.has(caller) && !used.has(key))
    .map(([, grant]) => grant)
    .sort((a, b) => (`${a.caller} ${a.action}` < `${b.caller} ${b.action}` ? -1 : 1));
}
