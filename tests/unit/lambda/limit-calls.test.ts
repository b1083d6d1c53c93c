import fc from 'fast-check';
import type { ApiEvent } from '../../../lambda/shared/api-event';
import { limitCalls } from '../../../lambda/shared/limit-calls';
import { admitCall, type CallsLeft } from '../../../lib/domain/enforcement/doors/admit-call';

const RATE = { perSecond: 2, atOnce: 5 };
const ROOM = '999900001111';

function openDoor() {
  let [now, answered] = [0, 0];
  const answer = limitCalls(
    async () => {
      answered += 1;
      return { statusCode: 200 };
    },
    RATE,
    () => now,
  );
  const ask = async (role: string, session = 'nightly', account = ROOM) => {
    const userArn = `arn:aws:sts::${account}:assumed-role/${role}/${session}`;
    const event: ApiEvent = {
      routeKey: 'GET /agreements/{agreement}',
      requestContext: { accountId: ROOM, requestId: 'r', authorizer: { iam: { accountId: account, userArn } } },
    };
    return (await answer(event)).statusCode;
  };
  const wait = (ms: number) => {
    now += ms;
  };
  return { ask, wait, answered: () => answered };
}

const asked = async (times: number, ask: () => Promise<number | undefined>) => {
  const answers = [];
  for (let time = 0; time < times; time += 1) answers.push(await ask());
  return answers.filter((status) => status === 200).length;
};

test('a caller is answered so many times at once, and then as time goes on; what is refused costs nobody anything', async () => {
  const { ask, wait, answered } = openDoor();
  expect(await asked(100, () => ask('barter-party-swap.telco'))).toBe(5);
  expect(await ask('barter-party-swap.telco')).toBe(429);
  wait(500);
  expect(await asked(10, () => ask('barter-party-swap.telco'))).toBe(1);
  wait(60_000);
  expect(await asked(10, () => ask('barter-party-swap.telco'))).toBe(5);
  expect(answered()).toBe(11);
});

test('another name for the session is the same caller; another party, agreement or account is another', async () => {
  const { ask } = openDoor();
  expect(await asked(10, () => ask('barter-party-swap.telco', `s${Math.floor(performance.now())}`))).toBe(5);
  expect(await ask('barter-party-swap.telco', 'another')).toBe(429);
  expect(await ask('barter-party-swap.retail')).toBe(200);
  expect(await ask('barter-party-ring.telco')).toBe(200);
  expect(await ask('barter-party-swap.telco', 'nightly', '111122223333')).toBe(200);
});

test('whenever it asks, nobody is admitted more often than the rate, and who waits long enough is', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 60 }), (pauses) => {
      let [now, admitted, left]: [number, number, CallsLeft | undefined] = [0, 0, undefined];
      for (const pause of pauses) {
        now += pause;
        const answer = admitCall(left, RATE, now);
        if (answer.isAdmitted) admitted += 1;
        if (pause >= 1000 / RATE.perSecond) expect(answer.isAdmitted).toBe(true);
        left = answer.left;
        expect(admitted).toBeLessThanOrEqual(RATE.atOnce + (now / 1000) * RATE.perSecond + 1e-6);
      }
    }),
    { seed: 7 },
  );
  expect(admitCall({ calls: 0, at: 100 }, RATE, 0).isAdmitted).toBe(false);
});
