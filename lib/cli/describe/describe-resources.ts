import type { Amendment } from '../../domain/agreement/amendment/diff-agreements';

/** What an amendment changes in the room, and what its parties have to do for it. */
export function describeResources({ resources, anew }: Pick<Amendment, 'resources' | 'anew'>): readonly string[] {
  const changes =
    resources.length === 0
      ? ['  none: the room works by the version in force']
      : resources.map(({ change, what, id }) => `  ${change}: ${what} ${id}`);
  const steps = anew.map(({ party, leg, does }) => `  ${party} ${does} (${leg})`);
  return ['\nResources', ...changes, ...(steps.length === 0 ? [] : ['\nTo be done anew', ...steps])];
}
