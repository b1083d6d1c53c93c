import type { Plan, PlannedLeg } from './plan/plan';

/** One version of an agreement, for as long as it held, and where its legs' data lay. */
export interface AgreementInForce {
  readonly plan: Plan;
  /** Legs that it has left out: what lies at their places is nobody's to take any more. */
  readonly former?: readonly PlannedLeg[];
  /** UTC, ISO 8601: from its signing, or from when it replaced the version before. */
  readonly from: string;
  /** Not included; absent: still in force. */
  readonly to?: string;
  readonly places: readonly LegPlace[];
  /** Names under which parties sign in by SFTP. */
  readonly sftpUsers: Readonly<Record<string, string>>;
  /** By which sessions they come, and no others; absent: not known. */
  readonly sftpSessions?: readonly SftpSession[];
  readonly doors: readonly Door[];
}

/** How a user comes by SFTP. */
export interface SftpSession {
  readonly user: string;
  /** Name of the role that the server assumes for it. */
  readonly role: string;
  /** Id of the server. */
  readonly server: string;
}

/** A version that not all have signed: by it nothing is in force, but its parties' roles are there, to sign it with. */
export type ProposedVersion = Pick<AgreementInForce, 'plan' | 'doors'>;

/** A role of the room that is a party's alone to come in by. */
export interface Door {
  /** Name of the role. */
  readonly role: string;
  readonly party: string;
  /** Whom the role trusts: an account of 12 digits, or, of another provider, whom that signs in. */
  readonly opensTo:
    | { readonly kind: 'account'; readonly account: string }
    | { readonly kind: 'web-identity'; readonly provider: string; readonly subject: string };
  /** Where whoever came in finds what the room has to show it. */
  readonly outbox?: { readonly bucket: string; readonly prefix: string };
}

/** Somewhere that data of one leg can be reached. */
export interface LegPlace {
  /** Id of the leg. */
  readonly leg: string;
  /** `release`: what the receiver gets. `delivery`: where the giver hands in its raw data. */
  readonly holds: 'release' | 'delivery';
  readonly at:
    | { readonly kind: 'objects'; readonly bucket: string; readonly prefix: string }
    | { readonly kind: 'table'; readonly arn: string }
    /** Of a link to it in the receiver's account, in whatever region: `ACCOUNT:table/DATABASE/TABLE`. */
    | { readonly kind: 'link'; readonly path: string }
    | { readonly kind: 'data-set'; readonly id: string }
    | { readonly kind: 'key'; readonly arn: string };
}

export function isInForce(agreement: AgreementInForce, at: string): boolean {
  const instant = Date.parse(at);
  const ended = agreement.to !== undefined && instant >= Date.parse(agreement.to);
  return instant >= Date.parse(agreement.from) && !ended;
}
