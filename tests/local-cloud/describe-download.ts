import type { PlannedLeg } from '../../lib/domain/agreement/plan/plan';
import { nameSftpUser } from '../../lib/domain/room/sftp-user';
import { ROOM_ACCOUNT } from './start-local-room';

/** Whence such a receiver may come, and the key that it signs in with: who names none has no role there. */
export const AT_HOME = {
  networks: ['198.51.100.0/24'],
  sftp: { publicKeys: ['ssh-ed25519 AAAA'], cidrs: ['198.51.100.0/24'] },
};

export interface Download {
  /** The lake bucket. */
  readonly bucket: string;
  readonly agreement: string;
  readonly leg: PlannedLeg;
  /** Of the round. */
  readonly day: string;
  /** UTC, ISO 8601 */
  readonly time: string;
  readonly ip: string;
  /** Id of the SFTP server. */
  readonly server: string;
}

/** That a leg's receiver fetched a file by SFTP, as Transfer Family tells it ("Transfer Family events detail reference"). */
export function describeDownload({ bucket, agreement, leg, day, time, ip, server }: Download) {
  return {
    id: `download-${time}`,
    time,
    account: ROOM_ACCOUNT,
    region: 'eu-central-1',
    source: 'aws.transfer',
    'detail-type': 'SFTP Server File Download Completed',
    detail: {
      'server-id': server,
      username: nameSftpUser(agreement, leg.to),
      'file-path': `/${bucket}/${agreement}/${leg.id}/inbox/${day}/part-0.parquet`,
      bytes: 100,
      'session-id': `session-${time}`,
      'client-ip': ip,
    },
  };
}
