/**
 * The name a party signs in with: `<agreement>.<party>`, one per agreement, so that keys, term and suspension of one
 * agreement never open another. Neither id holds a dot.
 */
export function nameSftpUser(agreement: string, party: string): string {
  return `${agreement}.${party}`;
}

/** The agreement and the party in a user name; undefined for any other text. */
export function readSftpUser(name: string): { readonly agreement: string; readonly party: string } | undefined {
  const [, agreement, party] = /^([a-z][a-z0-9-]{2,59})\.([a-z][a-z0-9_-]{0,30})$/.exec(name) ?? [];
  return agreement === undefined || party === undefined ? undefined : { agreement, party };
}
