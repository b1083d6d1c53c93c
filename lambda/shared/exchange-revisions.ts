import {
  CancelJobCommand,
  CreateJobCommand,
  CreateRevisionCommand,
  type DataExchangeClient,
  DeleteRevisionCommand,
  GetJobCommand,
  paginateListDataSetRevisions,
  paginateListJobs,
  paginateListRevisionAssets,
  ResourceNotFoundException,
  type RevisionEntry,
  RevokeRevisionCommand,
  StartJobCommand,
  UpdateRevisionCommand,
} from '@aws-sdk/client-dataexchange';
import {
  JOBS_AT_ONCE,
  planRemoval,
  planRevision,
  type RemovalStep,
  type RevisionStep,
  type SeenJob,
  type SeenRevision,
  type WantedRevision,
} from '../../lib/domain/exchange/rounds/plan-revision';

/** How far a release's revision has come. */
type RevisionProgress = Extract<RevisionStep, { kind: 'wait' | 'prepared' | 'finalised' | 'failed' }> & {
  /** Absent where there is none. */
  readonly revision?: string;
};

/**
 * Brings a release's revision as far as it goes without waiting: until it is prepared, or jobs are under way. Called again
 * after any failure it goes on from what is there.
 */
export async function prepareRevision(
  client: DataExchangeClient,
  dataSet: string,
  wanted: WantedRevision,
): Promise<RevisionProgress> {
  for (;;) {
    const seen = await seeRevision(client, dataSet, wanted.release);
    for (const step of await planWithinQuota(client, wanted, seen)) {
      switch (step.kind) {
        case 'create-revision':
          await client.send(new CreateRevisionCommand({ DataSetId: dataSet, Comment: wanted.release }));
          break;
        case 'create-job':
          await createJob(client, dataSet, seen!.id, wanted.bucket, step.keys);
          break;
        case 'start-job':
          if (!(await startJob(client, step.job))) return { kind: 'wait', revision: seen!.id };
          break;
        case 'cancel-job':
        case 'delete-revision':
          await removeWhatIsThere(client, dataSet, seen!.id, step);
          break;
        case 'wait':
        case 'prepared':
        case 'finalised':
        case 'failed':
          return seen === undefined ? step : { ...step, revision: seen.id };
      }
    }
  }
}

/** The account's jobs are counted only where one would be started. */
async function planWithinQuota(client: DataExchangeClient, wanted: WantedRevision, seen: SeenRevision | undefined) {
  const steps = planRevision(wanted, seen);
  const starts = steps.some(({ kind }) => kind === 'create-job' || kind === 'start-job');
  return starts ? planRevision(wanted, seen, await countInProgress(client)) : steps;
}

/** Imports of the account under way, of whatever data set. Beyond what may be under way none is counted. */
async function countInProgress(client: DataExchangeClient): Promise<number> {
  let count = 0;
  for await (const { Jobs = [] } of paginateListJobs({ client, pageSize: 200 }, {})) {
    count += Jobs.filter(({ Type, State }) => Type === 'IMPORT_ASSETS_FROM_S3' && State === 'IN_PROGRESS').length;
    if (count >= JOBS_AT_ONCE) break;
  }
  return count;
}

/**
 * Others may have started theirs since they were counted: what is refused then is no fault, and waits.
 * @returns false where the account has as many under way as it may
 */
async function startJob(client: DataExchangeClient, job: string): Promise<boolean> {
  try {
    await client.send(new StartJobCommand({ JobId: job }));
    return true;
  } catch (error) {
    if (!(error instanceof Error) || !OVER_QUOTA.has(error.name)) throw error;
    if ((await countInProgress(client)) < JOBS_AT_ONCE) throw error;
    return false;
  }
}

/** What the quota is refused with, no reference says: one of the errors of the call, or that of quotas in general. */
const OVER_QUOTA: ReadonlySet<string> = new Set([
  'ConflictException',
  'ServiceLimitExceededException',
  'ThrottlingException',
  'ValidationException',
]);

/**
 * Takes a release's revision back: what was shown is revoked, what was not is deleted.
 * @param reason see `revokeRevision`
 * @returns false where a job still fills it: ask again
 */
export async function takeBackRevision(
  client: DataExchangeClient,
  dataSet: string,
  release: string,
  reason: string,
): Promise<boolean> {
  // With the data set, or the revision, all that was shown of it is gone.
  const seen = await seeRevision(client, dataSet, release).catch((error: unknown) => {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  });
  if (seen?.isFinal === true) await revokeRevision(client, dataSet, release, reason);
  if (seen === undefined || seen.isFinal) return true;
  for (const step of planRemoval(seen)) {
    if (step.kind === 'wait') return false;
    await removeWhatIsThere(client, dataSet, seen.id, step);
  }
  return true;
}

/**
 * Makes a prepared revision one that grants show. Nothing but a revocation can change it afterwards.
 * @returns its id
 */
export async function finaliseRevision(client: DataExchangeClient, dataSet: string, release: string): Promise<string> {
  const revision = await findRevision(client, dataSet, release);
  if (revision?.Id === undefined) throw new RevisionMissing(`There is no revision of ${release} to finalise.`);
  if (revision.Finalized !== true)
    await client.send(new UpdateRevisionCommand({ DataSetId: dataSet, RevisionId: revision.Id, Finalized: true }));
  return revision.Id;
}

/**
 * Takes a finalised revision away from its receivers. What they have exported they have.
 * @param reason receivers read it; 10 to 512 characters
 */
export async function revokeRevision(
  client: DataExchangeClient,
  dataSet: string,
  release: string,
  reason: string,
): Promise<void> {
  const revision = await findRevision(client, dataSet, release);
  // One that was never finalised was never shown.
  if (revision?.Finalized !== true || revision.Revoked === true) return;
  const RevocationComment = reason.padEnd(10, '.').slice(0, 512);
  await client.send(new RevokeRevisionCommand({ DataSetId: dataSet, RevisionId: revision.Id, RevocationComment }));
}

/**
 * When the first of the jobs that filled a release's revision was made: UTC, ISO 8601.
 * @returns undefined where none is told of any more
 */
export async function findImportStart(
  client: DataExchangeClient,
  dataSet: string,
  release: string,
): Promise<string | undefined> {
  const revision = await findRevision(client, dataSet, release);
  if (revision?.Id === undefined) return undefined;
  const place = { DataSetId: dataSet, RevisionId: revision.Id };
  const made: number[] = [];
  for await (const { Jobs = [] } of paginateListJobs({ client, pageSize: 200 }, place))
    made.push(...Jobs.flatMap(({ CreatedAt }) => CreatedAt?.getTime() ?? []));
  return made.length === 0 ? undefined : new Date(Math.min(...made)).toISOString();
}

/** What grants of a data set show: its finalised revisions that were not revoked, each with the release that it says it is of. */
export async function listShown(
  client: DataExchangeClient,
  dataSet: string,
): Promise<readonly { readonly revision: string; readonly release: string }[]> {
  const shown: { revision: string; release: string }[] = [];
  for await (const page of paginateListDataSetRevisions({ client, pageSize: 200 }, { DataSetId: dataSet }))
    for (const { Id: revision = '', Comment: release = '', Finalized, Revoked } of page.Revisions ?? [])
      if (Finalized === true && Revoked !== true) shown.push({ revision, release });
  return shown;
}

export class RevisionMissing extends Error {
  override readonly name = 'RevisionMissing';
}

async function seeRevision(
  client: DataExchangeClient,
  dataSet: string,
  release: string,
): Promise<SeenRevision | undefined> {
  const revision = await findRevision(client, dataSet, release);
  if (revision?.Id === undefined) return undefined;
  const place = { DataSetId: dataSet, RevisionId: revision.Id };
  // Jobs first: one that ends between the two looks is then seen with its assets, not as one to be done again.
  const jobs = revision.Finalized === true ? [] : await seeJobs(client, place);
  const assets: string[] = [];
  for await (const { Assets = [] } of paginateListRevisionAssets({ client, pageSize: 200 }, place))
    assets.push(...Assets.map(({ Name }) => Name ?? ''));
  return {
    id: revision.Id,
    isFinal: revision.Finalized === true,
    isRevoked: revision.Revoked === true,
    assets,
    jobs,
  };
}

async function seeJobs(
  client: DataExchangeClient,
  place: { readonly DataSetId: string; readonly RevisionId: string },
): Promise<readonly SeenJob[]> {
  const jobs: SeenJob[] = [];
  for await (const { Jobs = [] } of paginateListJobs({ client, pageSize: 200 }, place))
    for (const { Id } of Jobs) {
      // Only asking for the job itself tells how it stands: a list may lag behind.
      const { State, Details } = await client.send(new GetJobCommand({ JobId: Id }));
      const { AssetSources = [] } = Details?.ImportAssetsFromS3 ?? {};
      jobs.push({ id: Id ?? '', state: State ?? 'WAITING', keys: AssetSources.map(({ Key }) => Key ?? '') });
    }
  return jobs;
}

async function findRevision(
  client: DataExchangeClient,
  dataSet: string,
  release: string,
): Promise<RevisionEntry | undefined> {
  for await (const { Revisions = [] } of paginateListDataSetRevisions(
    { client, pageSize: 200 },
    { DataSetId: dataSet },
  )) {
    const found = Revisions.find(({ Comment }) => Comment === release);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function removeWhatIsThere(
  client: DataExchangeClient,
  DataSetId: string,
  RevisionId: string,
  step: Exclude<RemovalStep, { kind: 'wait' }>,
): Promise<void> {
  if (step.kind === 'cancel-job') await client.send(new CancelJobCommand({ JobId: step.job }));
  else await client.send(new DeleteRevisionCommand({ DataSetId, RevisionId }));
}

async function createJob(
  client: DataExchangeClient,
  dataSet: string,
  revision: string,
  bucket: string,
  keys: readonly string[],
): Promise<void> {
  const AssetSources = keys.map((Key) => ({ Bucket: bucket, Key }));
  const ImportAssetsFromS3 = { DataSetId: dataSet, RevisionId: revision, AssetSources };
  await client.send(new CreateJobCommand({ Type: 'IMPORT_ASSETS_FROM_S3', Details: { ImportAssetsFromS3 } }));
}
