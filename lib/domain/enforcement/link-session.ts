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
