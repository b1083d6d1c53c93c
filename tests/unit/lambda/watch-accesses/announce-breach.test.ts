import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { announceBreach } from '../../../../lambda/watch-accesses/announce-breach';
import { ROOM_EVENTS } from '../../../../lib/domain/enforcement/room-events';

test('a breach is announced with its evidence: the first hundred, and no ties, the record has all', async () => {
  const told: { readonly DetailType?: string; readonly Detail?: string }[] = [];
  const send = async ({ input }: { readonly input: { readonly Entries: typeof told } }) => {
    told.push(...input.Entries);
    return { FailedEntryCount: 0, Entries: [{ EventId: '1' }] };
  };
  const events = Object.assign(new EventBridgeClient({ region: 'eu-central-1' }), { send });
  const evidence = Array.from({ length: 130 }, (_, index) => `cloudtrail/${index}`);
  const report = { report: 'r', agreement: 'a', breach: 'bulk-read', since: '2026-03-01T00:00:00Z' } as const;
  await announceBreach(events, 'bus', { ...report, evidence, ties: ['session/S'], reportedAt: '2026-03-01T01:00:00Z' });
  expect(told.map(({ DetailType }) => DetailType)).toEqual([ROOM_EVENTS.breachReported]);
  expect(JSON.parse(told[0]?.Detail ?? '')).toEqual({ ...report, evidence: evidence.slice(0, 100) });
});
