import { giveBack } from '../../../lib/audit/logs/give-back';

it('a large buffer is empty at once, with all that looks at its memory', () => {
  const content = Buffer.alloc(1024 * 1024, 'x');
  const record = content.subarray(100, 200);
  giveBack(content);
  expect([content.length, record.length]).toEqual([0, 0]);
});

it('what may share its memory with others stays as it is', () => {
  const [one, other] = [Buffer.from('one'), Buffer.from('other')];
  giveBack(one);
  expect([one.toString(), other.toString()]).toEqual(['one', 'other']);
  const shared = new Uint8Array(new SharedArrayBuffer(1024 * 1024));
  giveBack(shared);
  expect(shared.length).toBe(1024 * 1024);
});
