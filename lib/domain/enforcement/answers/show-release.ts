import type { ReleaseRecord } from '../registry/registry-records';

/** What parties are told of a release on record: not where it lies, nor what resumes its workflow. */
export function showRelease({ round, leg, version, state, sha256, certificate, at }: ReleaseRecord) {
  return { round, leg, version, state, sha256, certificate, at };
}
