/** To a number that somebody can write into an agreement, three places behind the point; not for rounding alone. */
export function roundUpShare(share: number): number {
  return Math.ceil(share * 1000 - ROUNDING) / 1000;
}

const ROUNDING = 1e-9;
