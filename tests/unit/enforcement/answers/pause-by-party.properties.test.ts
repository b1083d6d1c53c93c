import { readConduct } from '../../../../lib/domain/registry/read-conduct';
import { openSayings } from './open-sayings';

const DAY = 24 * 60;
const LONG = Array.from({ length: 1000 }, (_, at) => String.fromCharCode(0x4e00 + ((at * 7919) % 20_000))).join('');

test('however much one party says, and for however long, others are heard, and the record keeps its size', async () => {
  const { registry, items, agreement, say } = await openSayings();
  const sizes = new Set<number>();
  // A table takes 400 KB for an item: this is more than ten times that.
  for (let day = 0; day < 250; day += 1) {
    for (let times = 0; times < 10; times += 1) {
      const reason = `${LONG.slice(0, 990)}${day % 10}${times}`;
      const { status } = await say('retail', times % 2 === 0 ? 'suspend' : 'resume', { reason }, times === 0 ? DAY : 1);
      expect(status).toBe(201);
    }
    if (day % 50 === 49)
      sizes.add(JSON.stringify([...items].find(([name]) => name.endsWith(' current'))?.[1].record).length);
  }
  expect(Math.max(...sizes)).toBeLessThan(6000);
  expect(await say('telco', 'suspend')).toMatchObject({ status: 201, body: { heldBy: ['telco'] } });
  const { current, conduct } = (await readConduct(registry, agreement))!;
  expect(current.history.filter(({ act }) => act === 'resume')).toHaveLength(1250);
  expect(conduct.pauses).toHaveLength(1250);
  expect(conduct.pauses?.every(({ from, to }) => Date.parse(to) - Date.parse(from) === 60_000)).toBe(true);
});
