import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CallerGrant, Gateway } from './start-gateway';

/** Leaves what a room saw where the reporter of the whole run looks for it; see `grants-reporter.cjs`. */
export function noteGrants(gateway: Gateway): void {
  const folder = process.env.BARTER_GRANTS;
  if (folder !== undefined) writeFileSync(join(folder, `${randomUUID()}.json`), JSON.stringify(gateway.listGrants()));
}

/** Of a function: what its role allows and none of its calls asked for. */
export function listUnusedGrants({ gateway }: { readonly gateway: Gateway }, of: string): readonly CallerGrant[] {
  return gateway.listGrants().filter(({ caller, isUsed }) => caller === of && !isUsed);
}
