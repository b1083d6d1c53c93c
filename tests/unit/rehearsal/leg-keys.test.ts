import { deriveLegKeys } from '../../../lib/rehearsal/leg-keys';
import { TELCO_RETAIL_PLAN } from '../../fixtures/plan';

const [usage] = TELCO_RETAIL_PLAN.datasets;
const [leg] = TELCO_RETAIL_PLAN.legs;

describe('leg keys', () => {
  const master = new Uint8Array(32).fill(7);
  const derive = (agreement: string, to: string, dataset = 'usage', version = 1) =>
    deriveLegKeys(master, agreement, { ...leg!, to }, { ...usage!, id: dataset, version });
  const tokenHex = (...args: Parameters<typeof derive>) => Buffer.from(derive(...args).token).toString('hex');

  it('never repeat for another agreement, receiver, dataset, version or use', () => {
    const tokens = [
      tokenHex('a', 'retail'),
      tokenHex('b', 'retail'),
      tokenHex('a', 'bank'),
      tokenHex('a', 'retail', 'calls'),
      tokenHex('a', 'retail', 'usage', 2),
      ...Object.values(derive('a', 'retail')).map((key) => Buffer.from(key).toString('hex')),
    ];
    // The token key of the first line is there twice.
    expect(new Set(tokens).size).toBe(tokens.length - 1);
  });

  it.each([
    ['token', false],
    ['watermark', false],
    ['formatPreserving', false],
    ['dateShift', true],
    ['noise', true],
  ] as const)('of %s stay in a new version of the dataset: %s', (use, stays) => {
    const [first, second] = [1, 2].map((version) => derive('a', 'retail', 'usage', version)[use]);
    expect(Buffer.from(first!).equals(second!)).toBe(stays);
  });

  it('cannot be confused by names that run into each other', () => {
    expect(tokenHex('a', 'b-c', 'd')).not.toBe(tokenHex('a', 'b', 'c-d'));
  });

  it('are the same on every machine', () => {
    const keys = Object.entries(derive('a', 'retail')).map(([use, key]) => [use, Buffer.from(key).toString('hex')]);
    expect(Object.fromEntries(keys)).toEqual(PINNED);
  });
});

/** HKDF-SHA256 of 32 bytes 0x07, salt `barter-room/leg-keys/1`, info as `describeSecret` says: a change breaks every link between rounds. */
const PINNED = {
  token: '866baf5121e0e10fdbcea29d766e560e57fbdfc9c3852bed167afadf046184da',
  dateShift: 'a7b360a6b161194e87e5fbb6eab787c0c3fff991564b2825849e95f7935166ed',
  noise: 'd2dee007c5d1164674cd984934b374e0f23dd6f447c47aff175726144db29d9e',
  watermark: '45e346ae0b4b46f588599e879179539f00bfc2bf920608a142b6df2993296c5a',
  formatPreserving: '8aaa5a71352a16d7ac71ee4a9afb3a7b4a29351c30d3f869814e2997b8dc9e50',
};
