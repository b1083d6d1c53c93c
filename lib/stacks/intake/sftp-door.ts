import { CfnOutput } from 'aws-cdk-lib';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { SftpEndpoint } from '../../domain/room/room';
import { AT_ONCE } from '../shared/at-once';
import { DoorFunction, type DoorPlaces } from './door-function';
import { SftpServer } from './sftp-server';

export interface SftpDoor {
  readonly serverId: string;
  /** Of every command. */
  readonly log: ILogGroup;
}

/**
 * Opens the door by which partners come with SFTP: the server, who says whom it lets in, and who notes whom it did not.
 * @param cidrs from where the agreements let sign in
 */
export function openSftpDoor(
  scope: Construct,
  endpoint: SftpEndpoint,
  cidrs: readonly string[],
  places: DoorPlaces,
): SftpDoor {
  const authorizer = new DoorFunction(scope, 'AuthorizeSftp', {
    places,
    handler: 'authorize-sftp',
    description: 'says who may sign in by SFTP, and to what',
    isAsync: false,
    atOnce: AT_ONCE.signIn,
    records: ['decision', 'knocks'],
  });
  const noteRefused = new DoorFunction(scope, 'NoteRefusedKeys', {
    places,
    handler: 'note-refused-keys',
    description: 'puts on record whom the SFTP server refused for the key',
    isAsync: true,
    atOnce: AT_ONCE.refusedKeys,
    records: ['decision', 'knocks'],
  });
  const { noticeKey } = places;
  const { serverId, log } = new SftpServer(scope, 'Sftp', { endpoint, authorizer, noteRefused, cidrs, noticeKey });
  const description = 'Id of the SFTP server: its address is ID.server.transfer.REGION.amazonaws.com';
  new CfnOutput(scope, 'SftpServer', { value: serverId, description });
  return { serverId, log };
}
