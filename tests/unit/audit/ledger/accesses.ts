import type { Access } from '../../../../lib/domain/audit/access';

/** A read of one object; its number sets it apart from others. */
export function makeAccess(number: number): Access {
  const hour = String(Math.floor(number / 50) % 24).padStart(2, '0');
  return {
    id: `cloudtrail/111122223333/event-${number}`,
    witness: 'cloudtrail',
    at: `2026-03-01T${hour}:00:00Z`,
    region: 'eu-central-1',
    service: 's3',
    operation: 'GetObject',
    act: 'read',
    outcome: 'allowed',
    actor: { kind: 'account', account: '444455556666' },
    owner: '111122223333',
    recordedBy: '111122223333',
    resource: { kind: 'object', bucket: 'room-releases', key: `usage/${number}.parquet` },
    bytes: { out: number, in: 0 },
    joins: { request: `R${number}` },
  };
}
