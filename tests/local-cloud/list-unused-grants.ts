import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Gateway } from './start-gateway';

/** An action that a function's role has and no call of these rooms needed. */
export interface UnusedGrant {
  readonly caller: string;
  readonly action: string;
}

/** What the functions of these rooms may do, and what their calls asked for: `<function> <action>`. */
function readGrants(gateways: readonly Gateway[]) {
  const used = new Set<string>();
  const granted = new Map<string, UnusedGrant>();
  for (const gateway of gateways) {
    for (const { caller, needs } of gateway.calls) for (const { action } of needs) used.add(`${caller} ${action}`);
    for (const { name, statements } of gateway.callers())
      for (const { effect, actions } of statements)
        for (const action of effect === 'Allow' ? actions : [])
          granted.set(`${name} ${action}`, { caller: name, action });
  }
  return { used, granted };
}

/** Leaves what a room saw where the reporter of the whole run looks for it; see `grants-reporter.cjs`. */
export function noteGrants(gateway: Gateway): void {
  const folder = process.env.BARTER_GRANTS;
  if (folder === undefined) return;
  const { used, granted } = readGrants([gateway]);
  const seen = { used: [...used], granted: [...granted.keys()] };
  writeFileSync(join(folder, `${randomUUID()}.json`), JSON.stringify(seen));
}

/** Of every function that made a call: what its role allows, statement by statement, and none of its calls asked for. */
export function listUnusedGrants(rooms: readonly { readonly gateway: Gateway }[]): readonly UnusedGrant[] {
  const { used, granted } = readGrants(rooms.map(({ gateway }) => gateway));
  const active = new Set([...used].map((each) => each.split(' ')[0]));
  return [...granted]
    .filter(([key, { caller }]) => active.has(caller) && !used.has(key))
    .map(([, grant]) => grant)
    .sort((a, b) => (`${a.caller} ${a.action}` < `${b.caller} ${b.action}` ? -1 : 1));
}
