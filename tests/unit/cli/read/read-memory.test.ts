import { InvalidInput } from '../../../../lib/cli/describe/exit-code';
import { readMemory } from '../../../../lib/cli/read/read-memory';

describe('how much memory the engine may hold', () => {
  test.each([
    ['4GB', '4096MiB'],
    ['1.5GiB', '1536MiB'],
    ['500 MB', '500MiB'],
    ['2g', '2048MiB'],
  ])('%s', (text, memoryLimit) => expect(readMemory(text)).toEqual({ memoryLimit }));

  test('is left to the engine where nothing is said', () => expect(readMemory(undefined)).toEqual({}));

  test.each(['', '4', '99MB', '0GB', '-1GB', '4TB', "1GB'; SET threads = 9", '1e9MB'])('is not %s', (text) => {
    expect(() => readMemory(text)).toThrow(InvalidInput);
    expect(() => readMemory(text)).toThrow('--memory is a size of 100 MB or more, such as 500MB or 4GB.');
  });
});
