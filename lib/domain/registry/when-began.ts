import type { CurrentRecord } from './agreement-records';

/** When an agreement first became active; undefined before. */
export function whenBegan({ history }: Pick<CurrentRecord, 'history'>): string | undefined {
  return history.find(({ act }) => act === 'begin')?.at;
}
