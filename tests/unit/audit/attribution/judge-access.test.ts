import type { Access } from '../../../../lib/domain/audit/access';
import { judgeAccess } from '../../../../lib/domain/audit/attribution/judge-access';
import { readBusEvent } from '../../../../lib/domain/audit/records/read-bus-event';
import { makeS3Read, PARTNER, REGION, ROOM } from '../scenario';

const ACCOUNTS = { room: new Set([ROOM]), parties: new Set([PARTNER]) };
const AT = '2026-03-01T10:00:00Z';

function busEvent(account: string) {
  const type = 'Data Grant Accepted';
  const event = { id: 'e', source: 'aws.dataexchange', 'detail-type': type, account, time: AT, region: REGION };
  return readBusEvent({ ...event, detail: { DataSet: { Id: 'set' } } });
}

const [OWNERS, THEIRS] = makeS3Read({ key: 'a', at: AT, account: PARTNER }).map(({ reading }) => reading);

describe('what the ledger was told and no log has', () => {
  test.each([
    ['should be in the room’s trail', OWNERS!, ['entered-without-log']],
    ['is of a partner’s trail', THEIRS!, []],
    ['is an event of the room, that no trail has', busEvent(ROOM), []],
    ['is an event of a partner', busEvent(PARTNER), []],
  ])('%s', (_, reading, kinds) => {
    if (reading.kind !== 'access') throw new Error(reading.kind);
    const refused: Access = { ...reading.access, outcome: 'denied' };
    const judged = (isInLog: boolean) =>
      judgeAccess(refused, { kind: 'internal' }, ACCOUNTS, isInLog).map(({ kind }) => kind);
    expect([judged(false), judged(true)]).toEqual([kinds, []]);
  });
});
