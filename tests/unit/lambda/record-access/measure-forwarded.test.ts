import { openForwardedMeter } from '../../../../lambda/record-access/measure-forwarded';
import type { Access } from '../../../../lib/domain/audit/access';
import { makeAccess } from '../../audit/ledger/accesses';

const [ROOM, TELCO, RETAIL] = ['999900001111', '111122223333', '444455556666'];

function toldBy(recordedBy: string | undefined, count: number): readonly Access[] {
  const { recordedBy: _, ...access } = makeAccess(1);
  return Array.from({ length: count }, () => (recordedBy === undefined ? access : { ...access, recordedBy }));
}

async function measure(accesses: readonly Access[]) {
  const lines: object[] = [];
  const listAccounts = async () => new Set([TELCO, RETAIL]);
  const meter = openForwardedMeter({ roomAccount: ROOM, listAccounts, now: () => 7, put: (line) => lines.push(line) });
  await meter(accesses);
  return lines;
}

test('what partners’ accounts tell is counted by account, as CloudWatch reads it from a log', async () => {
  const [telco, ...others] = await measure([...toldBy(TELCO, 3), ...toldBy(ROOM, 2), ...toldBy(RETAIL, 1)]);
  expect(telco).toEqual({
    _aws: {
      Timestamp: 7,
      CloudWatchMetrics: [
        { Namespace: 'BarterRoom', Dimensions: [['Account']], Metrics: [{ Name: 'ForwardedEvents', Unit: 'Count' }] },
      ],
    },
    Account: TELCO,
    ForwardedEvents: 3,
  });
  expect(others).toMatchObject([{ Account: RETAIL, ForwardedEvents: 1 }]);
});

test('however many accounts are no party’s, there is one count of them; of the room’s own there is none', async () => {
  const strangers = Array.from({ length: 50 }, (_, index) => toldBy(String(200_000_000_000 + index), 1)).flat();
  expect(await measure([...strangers, ...toldBy(undefined, 1)])).toMatchObject([
    { Account: 'stranger', ForwardedEvents: 51 },
  ]);
  expect(await measure(toldBy(ROOM, 3))).toEqual([]);
});
