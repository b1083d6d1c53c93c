import type { SidePlan } from '../agreement/plan-for-side';

/** What an agreement's stack made, for those who work with it. */
export interface Provisioned {
  /** By party: ARN of the role with which its SFTP uploads are written; a party that gives nothing here has none. */
  readonly sftpRoles: Readonly<Record<string, string>>;
  /** By leg: id of its Data Exchange data set; a leg delivered another way has none. */
  readonly dataSets: Readonly<Record<string, string>>;
  /** By leg: ARN of the role that makes its releases, and of the key of its tokens' secret. */
  readonly legRoles: Readonly<Record<string, string>>;
  readonly legKeys: Readonly<Record<string, string>>;
}

/** What the room has on record of an agreement: the version in force, and what was provisioned for it. */
export interface RegisteredAgreement {
  readonly plan: SidePlan;
  /** SHA-256 of the plan's canonical JSON (RFC 8785), hexadecimal. */
  readonly hash: string;
  /** `removed`: its stack is gone. Records are never deleted. */
  readonly state: 'active' | 'suspended' | 'removed';
  readonly provisioned: Provisioned;
  /** Parties whose entitlements are suspended by a remedy. */
  readonly suspendedParties: readonly string[];
}
