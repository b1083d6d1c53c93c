import type { PlacedVersion } from './place-agreement';

/** For whoever looks for breaches: what happens after the last version is over is still under it, and is one. */
export function leaveLastOpen(versions: readonly PlacedVersion[]): readonly PlacedVersion[] {
  return versions.map(({ to, ...version }, index) =>
    index === versions.length - 1 || to === undefined ? version : { ...version, to },
  );
}
