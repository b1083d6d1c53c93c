import type { Access } from './access';

/** How data are reached: they come out; they are changed, or named; or a key or credential to them is handed out. */
type Reach = 'taken' | 'touched' | 'opened';

/** Undefined: by this act no data are reached. */
export function reachOfAct(act: Access['act']): Reach | undefined {
  return REACH[act];
}

/** Whether by such an act data that somebody has may be opened to others: a grant or share, a bucket's policy, a publication. */
export function isOpening(act: Access['act']): boolean {
  return act === 'permit' || act === 'change' || act === 'publish';
}

const REACH: Readonly<Partial<Record<Access['act'], Reach>>> = {
  read: 'taken',
  query: 'taken',
  export: 'taken',
  write: 'touched',
  delete: 'touched',
  list: 'touched',
  vend: 'opened',
};
