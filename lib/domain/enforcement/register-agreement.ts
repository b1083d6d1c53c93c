import type { Provisioned } from './registered-agreement';

/** What the room's registry stores of one version. Never changed once it is there. */
export interface AgreementVersion {
  readonly agreement: string;
  readonly version: number;
  /** SHA-256 of the plan's canonical JSON (RFC 8785), hexadecimal. */
  readonly hash: string;
  /** The plan's canonical JSON, gzip. */
  readonly plan: Uint8Array;
  readonly provisioned: Provisioned;
}

/** Where agreements are put on record. Both writes are conditional, so that repeating one, or two at once, ends the same. */
export interface AgreementRegistry {
  /** Writes a version that is not there yet and returns the hash of the one that now is: another's, if it was there first. */
  putVersion(version: AgreementVersion): Promise<string>;
  /** Makes a version the one in force. Conduct (suspensions) stays as it is. */
  putCurrent(version: AgreementVersion): Promise<void>;
  /** Marks what is on record as removed; nothing is deleted. Does nothing for an agreement that is not there. */
  markRemoved(agreement: string): Promise<void>;
}

/** The agreement says something else than what was registered, and signed, under the same version. */
export class ChangedVersion extends Error {
  override readonly name = 'ChangedVersion';
}

/** @throws ChangedVersion */
export async function registerAgreement(version: AgreementVersion, registry: AgreementRegistry): Promise<void> {
  const registered = await registry.putVersion(version);
  if (registered !== version.hash) {
    throw new ChangedVersion(
      `Version ${version.version} of ${version.agreement} is on record with other terms (${registered.slice(0, 12)}…, here ${version.hash.slice(0, 12)}…). What was signed is not rewritten: raise \`version\` in the agreement and deploy again.`,
    );
  }
  await registry.putCurrent(version);
}
