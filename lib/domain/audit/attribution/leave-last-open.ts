import type { PlacedVersion } from './place-agreement';

/** For whoever looks for breaches: what happens after the last version is over is still under it, and is one. */
export function leaveLastOpen(versions: readonly PlacedVersion[]): readonly PlacedVersion[] {
  const last = versions.findLastIndex(({ from, to }) => to === undefined || from < to);
  return versions.map(({ to, ...version }, index) =>
    index === (last < 0 ? versions.length - 1 : last) || to === undefined ? version : { ...version, to },
  );
}
