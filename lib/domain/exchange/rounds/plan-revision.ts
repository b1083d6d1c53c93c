/**
 * One release's way into AWS Data Exchange: a revision of the leg's data set, filled by import jobs. None of the service's
 * calls that make something can be repeated harmlessly, so what to do next always follows from what is there already.
 */
export interface WantedRevision {
  /** Tells this release's revision from all others of the data set; it stands as the revision's comment. */
  readonly release: string;
  /** The files of the release. Their keys become the names of the assets. */
  readonly bucket: string;
  readonly keys: readonly string[];
}

/** What Data Exchange says of it; absent: there is no such revision yet. */
export interface SeenRevision {
  readonly id: string;
  readonly isFinal: boolean;
  readonly isRevoked: boolean;
  /** Names of its assets. */
  readonly assets: readonly string[];
  readonly jobs: readonly SeenJob[];
}

export interface SeenJob {
  readonly id: string;
  readonly state: 'WAITING' | 'IN_PROGRESS' | 'ERROR' | 'COMPLETED' | 'CANCELLED' | 'TIMED_OUT';
  readonly keys: readonly string[];
}

export type RevisionStep =
  | { readonly kind: 'create-revision' }
  | { readonly kind: 'create-job'; readonly keys: readonly string[] }
  | { readonly kind: 'start-job'; readonly job: string }
  /** One that has not begun. */
  | { readonly kind: 'cancel-job'; readonly job: string }
  /** With its assets. Nobody was ever shown any of them. */
  | { readonly kind: 'delete-revision' }
  /** Jobs are under way: look again later. */
  | { readonly kind: 'wait' }
  /** Every file is an asset: it can be finalised. */
  | { readonly kind: 'prepared' }
  | { readonly kind: 'finalised' }
  /** It can neither be filled nor shown any more. */
  | { readonly kind: 'failed'; readonly reason: string };

/** One step of taking back what was never shown. */
export type RemovalStep = Extract<RevisionStep, { readonly kind: 'cancel-job' | 'delete-revision' | 'wait' }>;

/** Quotas of AWS Data Exchange, https://docs.aws.amazon.com/data-exchange/latest/userguide/limits.html */
const ASSETS_PER_JOB = 100;
/** In progress, of one account: whatever it imports, for whichever revision. */
export const JOBS_AT_ONCE = 10;
const ASSETS_PER_REVISION = 10_000;

/** How often one file's import is tried. */
const TRIES = 3;

/**
 * Fills a revision with a release's files. One that holds anything else, or is about to, was begun for a release whose place
 * this one took: it is taken back, and begun anew.
 * @param inProgress jobs of the account, where known
 */
export function planRevision(
  wanted: WantedRevision,
  seen: SeenRevision | undefined,
  inProgress = 0,
): readonly RevisionStep[] {
  const { release, keys } = wanted;
  if (keys.length === 0) return fail(`The release ${release} has no files.`);
  if (keys.length > ASSETS_PER_REVISION)
    return fail(`The release ${release} has ${keys.length} files, and a revision takes ${ASSETS_PER_REVISION}.`);
  if (seen === undefined) return [{ kind: 'create-revision' }];
  if (seen.isRevoked) return fail(`The revision of ${release} was revoked.`);
  const own = new Set(keys);
  const extra = [...seen.assets, ...seen.jobs.filter(isOpen).flatMap((job) => job.keys)].filter((key) => !own.has(key));
  if (extra.length > 0)
    return seen.isFinal
      ? fail(`The revision of ${release} is final and has ${extra.length} assets that are not the release's.`)
      : planRemoval(seen);
  const missing = listMissing(keys, seen.assets);
  if (seen.isFinal)
    return missing.length === 0
      ? [{ kind: 'finalised' }]
      : fail(`The revision of ${release} is final and lacks ${missing.length} files.`);
  if (missing.length > 0) return planJobs(release, missing, seen.jobs, inProgress);
  return [{ kind: seen.jobs.some(({ state }) => state === 'IN_PROGRESS') ? 'wait' : 'prepared' }];
}

/** Takes a revision back that nobody was shown. A job that runs is waited for: it would fill what is no more there. */
export function planRemoval({ jobs }: Pick<SeenRevision, 'jobs'>): readonly RemovalStep[] {
  return [
    ...jobs.filter(({ state }) => state === 'WAITING').map(({ id }) => ({ kind: 'cancel-job', job: id }) as const),
    { kind: jobs.some(({ state }) => state === 'IN_PROGRESS') ? 'wait' : 'delete-revision' },
  ];
}

function isOpen({ state }: SeenJob): boolean {
  return state === 'WAITING' || state === 'IN_PROGRESS';
}

function planJobs(
  release: string,
  missing: readonly string[],
  jobs: readonly SeenJob[],
  inProgress: number,
): readonly RevisionStep[] {
  const inState = (state: SeenJob['state']) => jobs.filter((job) => job.state === state);
  const running = inState('IN_PROGRESS');
  const waiting = inState('WAITING');
  const ended = jobs.filter(({ state }) => state === 'ERROR' || state === 'TIMED_OUT' || state === 'CANCELLED');
  const exhausted = missing.filter((key) => ended.filter((job) => job.keys.includes(key)).length >= TRIES);
  if (exhausted.length > 0)
    return fail(`${exhausted.length} files of ${release} could not be imported in ${TRIES} tries each.`);
  const unasked = listMissing(
    missing,
    [...running, ...waiting].flatMap((job) => job.keys),
  );
  const free = Math.max(0, JOBS_AT_ONCE - Math.max(running.length, inProgress));
  const started = waiting.slice(0, free).map(({ id }): RevisionStep => ({ kind: 'start-job', job: id }));
  const made = chunk(unasked, ASSETS_PER_JOB)
    .slice(0, Math.max(0, free - waiting.length))
    .map((keys): RevisionStep => ({ kind: 'create-job', keys }));
  const steps = [...started, ...made];
  return steps.length > 0 ? steps : [{ kind: 'wait' }];
}

function fail(reason: string): readonly RevisionStep[] {
  return [{ kind: 'failed', reason }];
}

function listMissing(keys: readonly string[], there: readonly string[]): readonly string[] {
  const known = new Set(there);
  return keys.filter((key) => !known.has(key));
}

function chunk<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
