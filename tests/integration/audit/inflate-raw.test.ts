import { randomBytes } from 'node:crypto';
import { constants, deflateRawSync } from 'node:zlib';
import { openInflater } from '../../../lib/audit/inflate-raw';

const CONTENTS = [0, 1, 63, 64, 65_535, 65_536, 65_537, 3_000_000, 5].map((size) =>
  Buffer.concat([randomBytes(size >> 1), Buffer.alloc(size - (size >> 1), 'records ')]),
);
const UNKNOWN = Buffer.from([0x07]);
const TRAILER = Buffer.from('12345678 and what lies behind');

test('streams one after the other are what they were, wherever they end, in memory that is used again', () => {
  const inflate = openInflater();
  const places = new Set<ArrayBufferLike>();
  for (const content of [...CONTENTS, ...CONTENTS]) {
    const deflated = deflateRawSync(content);
    const whole = inflate(Buffer.concat([deflated, TRAILER]), content.length);
    expect(whole?.consumed).toBe(deflated.length);
    expect(whole?.content.length).toBe(content.length);
    expect(content.equals(whole?.content ?? TRAILER)).toBe(true);
    places.add(whole?.content.buffer ?? content.buffer);
  }
  expect(places.size).toBeLessThan(4);
});

test('what is damaged, cut short, or of another size than it says is not whole, and the next one is', () => {
  const inflate = openInflater();
  const content = CONTENTS[7] ?? TRAILER;
  const deflated = deflateRawSync(content);
  const damaged = Buffer.from(deflated);
  damaged.fill(0xff, 2_000, 2_100);
  damaged[0] = 0x07;
  const attempts = [
    () => inflate(damaged, content.length),
    () => inflate(deflated.subarray(0, 1000), content.length),
    () => inflate(Buffer.alloc(0), content.length),
    () => inflate(deflated, content.length - 1),
    () => inflate(deflated, content.length + 1),
    () => inflate(deflated, 0),
    // All of it, and behind it no block that there could be.
    () =>
      inflate(
        Buffer.concat([deflateRawSync(content, { finishFlush: constants.Z_SYNC_FLUSH }), UNKNOWN]),
        content.length,
      ),
  ];
  for (const attempt of attempts) {
    expect(attempt()).toBeUndefined();
    expect(content.equals(inflate(deflated, content.length)?.content ?? TRAILER)).toBe(true);
  }
});
