import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CallerGrant, Gateway } from './start-gateway';

/** Leaves what a room saw where the reporter of the whole run looks for it; see `grants-reporter.cjs`. */
export function noteGrants(gateway: Gateway): void {
  const folder = process.env.BARTER_GRANTS;
  if (folder === undefined) return;
  const seen = gateway.listGrants().map((grant) => ({ ...grant, resource: describeResource(grant.resource) }));
  writeFileSync(join(folder, `${randomUUID()}.json`), JSON.stringify(seen));
}

/** Of a function: what its role allows and none of its calls asked for. */
export function listUnusedGrants({ gateway }: { readonly gateway: Gateway }, of: string): readonly CallerGrant[] {
  return gateway.listGrants().filter(({ caller, isUsed }) => caller === of && !isUsed);
}

/** The same in every room: accounts are a test's, and ids of keys are new each time. */
function describeResource(resource: string): string {
  return resource.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'KEY').replace(/\b\d{12}\b/g, 'ACCOUNT');
}
