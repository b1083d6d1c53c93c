import type { Transition } from '../agreement/lifecycle';
import type { CurrentRecord } from './agreement-records';

/** The step that ended an agreement; undefined before. */
export function findEnd({ history }: Pick<CurrentRecord, 'history'>): Transition | undefined {
  return history.find(({ act }) => act === 'end');
}
