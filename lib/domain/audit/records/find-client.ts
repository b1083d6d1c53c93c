import type { Access } from '../access';
import type { JoinedAccess } from './join-accesses';

type Told = Pick<JoinedAccess, 'access' | 'session' | 'witnesses'>;

/** The access, with from where it came, as far as any of its records tells. */
export function tellClient(joined: Told): Access {
  const { access } = joined;
  const ip = findSftpAddress(joined);
  return ip === undefined ? access : { ...access, client: { ...access.client, ip } };
}

/**
 * From where it came by SFTP: S3 tells where Transfer is, and Transfer's lines tell it nowhere but where a session is opened;
 * undefined where nothing does.
 */
export function findSftpAddress({ access, witnesses, session }: Told): string | undefined {
  const told = [access, ...witnesses, ...(session === undefined ? [] : [session])];
  return told.find(({ service, client }) => service === 'transfer' && client?.ip !== undefined)?.client?.ip;
}
