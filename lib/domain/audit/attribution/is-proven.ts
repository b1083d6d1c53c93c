import type { CoverageState } from './measure-coverage';

/** Whether all that was logged in an hour is here, unchanged, or nothing was. */
export function isProven({ state }: { readonly state: CoverageState }): boolean {
  return state === 'validated' || state === 'quiet';
}
