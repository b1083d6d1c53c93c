/** In which order to look at blocks of tuples, where a look ends when enough are lost. */
export interface BlockOrder {
  /** All, those first that are likely to lose most. */
  readonly sorted: Uint32Array;
  /** What is looked at before, while it is not clear whether enough will be lost. */
  readonly stages: readonly Stage[];
}

interface Stage {
  /** With those of the stages before they stand for all. */
  readonly blocks: Uint32Array;
  /** All others, those first that are likely to lose most. */
  readonly rest: Uint32Array;
  /** To be foretold fewer than so many times what is needed makes a look not worth its while; more make it so. */
  readonly low: number;
  readonly high: number;
}

/** `step`: one block out of so many. The more are seen, the closer to the truth is what they foretell. */
const STAGES = [
  { step: 128, low: 0.6, high: 2.5 },
  { step: 64, low: 0.75, high: 1.8 },
  { step: 32, low: 0.9, high: 1.3 },
  { step: 16, low: 1.03, high: 1.03 },
];
/** Fewer blocks tell nothing. */
const FEWEST = 2;

/** `shares`: per block, what it loses of its tuples at a node like those that are looked at. */
export function orderBlocks(shares: Float64Array): BlockOrder {
  const sorted = Uint32Array.from(shares.keys()).sort((one, other) => shares[other]! - shares[one]!);
  const chosen = new Set<number>();
  const stages = STAGES.filter(({ step }) => sorted.length >= FEWEST * step).map(({ step, low, high }): Stage => {
    const blocks = sorted.filter((block, at) => at % step === step >> 1 && !chosen.has(block));
    for (const block of blocks) chosen.add(block);
    return { blocks, rest: sorted.filter((block) => !chosen.has(block)), low, high };
  });
  return { sorted, stages };
}
