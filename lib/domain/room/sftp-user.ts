/**
 * The name a party signs in with: `<agreement>.<party>`, one per agreement, so that keys, term and suspension of one
 * agreement never open another. Neither id holds a dot.
 */
export function nameSftpUser(agreement: string, party: string): string {
  return `${agreement}.${party}`;
}

/**
 * Characters of a user's name. Logs have it in the name of a session, of 64 at most, as `user.session@server`: 16 are of the
 * session, 19 of the server.
 */
export const MAX_SFTP_USER = 64 - '.'.length - 16 - '@'.length - 19;

/** The agreement and the party in a user name; undefined for any other text. */
export function readSftpUser(name: string): { readonly agreement: string; readonly party: string } | undefined {
  const [, agreement, party] = /^([a-z][a-z0-9-]{2,59})\.([a-z][a-z0-9_-]{0,30})$/.exec(name) ?? [];
  return agreement === undefined || party === undefined ? undefined : { agreement, party };
}
