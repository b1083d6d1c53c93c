/** How long a link is good for: long enough to begin an upload; one that has begun may go on. */
export const LINK_SECONDS = 900;

/** How long such a session may last: what it signs holds for half of that. */
export const LINK_SESSION_SECONDS = 2 * LINK_SECONDS;

/** Ends the name of a session by which links are signed: logs of S3 tell it, and so that a link was used. */
export const LINK_MARK = '@link';

/** Name of the session that signs the links of one decision: 64 characters at most, of those that STS takes. */
export function nameLinkSession(decision: string): string {
  return `${decision.replaceAll(/[^\w.-]/g, '-').slice(0, 64 - LINK_MARK.length)}${LINK_MARK}`;
}

/** The decision by which a link was signed; undefined for another session. */
export function readLinkSession(session: string | undefined): string | undefined {
  return session?.endsWith(LINK_MARK) ? session.slice(0, -LINK_MARK.length) : undefined;
}
