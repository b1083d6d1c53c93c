import { tellAlert } from '../../../../lambda/tell-alert/tell-alert';

async function told(event: unknown): Promise<readonly string[]> {
  const messages: string[] = [];
  await tellAlert(event, async (message) => {
    messages.push(message);
  });
  return messages;
}

test.each<[string, unknown, string]>([
  ['the text of a rule as it stands', 'Barter room: a trail was stopped.', 'Barter room: a trail was stopped.'],
  ['an event whole', { 'detail-type': 'Breach Reported', detail: {} }, '{"detail-type":"Breach Reported","detail":{}}'],
])('passes on %s', async (_, event, message) => {
  expect(await told(event)).toEqual([message]);
});

test('passes on no more than the topic takes', async () => {
  const [message] = await told('ß'.repeat(200_000));
  expect(Buffer.byteLength(message!)).toBeLessThan(256 * 1024);
});

test('a topic that does not answer is a failure, to be tried again', async () => {
  const failing = () => Promise.reject(new Error('KMSAccessDenied'));
  await expect(tellAlert('text', failing)).rejects.toThrow('KMSAccessDenied');
});
