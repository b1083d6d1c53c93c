import type {
  ExchangeState,
  ImportDetails,
  StoredDataSet,
  StoredGrant,
  StoredJob,
  StoredRevision,
} from './data-exchange-state';
import { type Input, NotImplemented, type Rule, ServiceError } from './serve-from-model';

/*
 * How AWS Data Exchange behaves, as far as its documentation says it: one entry an operation, each with its source. What a
 * request must look like is checked before, from AWS's own model. An operation that is not here is answered with 501.
 */

export interface Caller {
  /** 12 digits. */
  readonly account: string;
  /** ISO 8601. */
  readonly now: string;
  /** A new id, as the model wants them. */
  readonly newId: () => string;
  /** Bytes of an object; undefined: there is none, or it may not be read. */
  readonly sizeOf: (bucket: string, key: string) => Promise<number | undefined>;
  /** How often a job is told to be in progress before it ends. */
  readonly pollsPerJob: number;
}

const API = 'https://docs.aws.amazon.com/data-exchange/latest/apireference/API_';
const GUIDE = 'https://docs.aws.amazon.com/data-exchange/latest/userguide/';
const QUOTAS = `${GUIDE}limits.html`;

/** How ids begin of data sets that a grant makes in its receiver's account: in IAM their ARNs name no account. */
export const ENTITLED = 'entitled';

export const QUOTA = { assetsPerImport: 100, importsAtOnce: 10, assetsPerRevision: 10_000, pendingGrants: 20 } as const;

export const RULES: Readonly<Record<string, Rule<ExchangeState, Caller>>> = {
  CreateDataSet: {
    source: `${API}CreateDataSet.html`,
    does: ({ dataSets }, input, { account, now, newId }) => {
      const Id = newId();
      const dataSet: StoredDataSet = {
        Id,
        Arn: `arn:aws:dataexchange:us-east-1:${account}:data-sets/${Id}`,
        owner: account,
        AssetType: text(input.AssetType),
        Name: text(input.Name),
        Description: text(input.Description),
        Origin: 'OWNED',
        CreatedAt: now,
        UpdatedAt: now,
      };
      dataSets.set(Id, dataSet);
      return dataSet;
    },
  },
  GetDataSet: {
    source: `${API}GetDataSet.html`,
    does: (state, { DataSetId }, caller) => ownDataSet(state, DataSetId, caller),
  },
  ListDataSets: {
    source: `${API}ListDataSets.html`,
    does: ({ dataSets }, input, { account }) =>
      page(
        'DataSets',
        [...dataSets.values()].filter(({ owner }) => owner === account),
        input,
      ),
  },
  CreateRevision: {
    source: `${API}CreateRevision.html`,
    does: (state, { DataSetId, Comment, Tags }, caller) => {
      const dataSet = ownDataSet(state, DataSetId, caller);
      const Id = caller.newId();
      const revision: StoredRevision = {
        Id,
        Arn: `${dataSet.Arn}/revisions/${Id}`,
        DataSetId: dataSet.Id,
        ...(Comment === undefined ? {} : { Comment: text(Comment) }),
        ...(Tags === undefined ? {} : { Tags }),
        Finalized: false,
        Revoked: false,
        CreatedAt: caller.now,
        UpdatedAt: caller.now,
      };
      state.revisions.set(Id, revision);
      return revision;
    },
  },
  GetRevision: {
    source: `${API}GetRevision.html`,
    does: (state, input, caller) => ownRevision(state, input, caller),
  },
  ListDataSetRevisions: {
    // "Entitled data sets are a read-only view of owned data sets": what is final, once the grant of it is accepted.
    source: `${API}ListDataSetRevisions.html and ${GUIDE}data-sets.html#entitled-data-sets`,
    does: (state, input, caller) => {
      const entitled = findEntitled(state, input.DataSetId, caller);
      const source = entitled?.SourceDataSetId ?? ownDataSet(state, input.DataSetId, caller).Id;
      const all = [...state.revisions.values()].filter(({ DataSetId }) => DataSetId === source).reverse();
      if (entitled === undefined) return page('Revisions', all, input);
      const { DataSetId } = entitled;
      return page(
        'Revisions',
        all.filter(({ Finalized }) => Finalized).map((revision) => ({ ...revision, DataSetId })),
        input,
      );
    },
  },
  UpdateRevision: {
    // "After it's in this read-only state": a finalised revision takes no more changes.
    source: `${API}UpdateRevision.html`,
    does: (state, input, caller) => {
      const revision = ownRevision(state, input, caller);
      if (revision.Finalized) throw conflict('The revision is finalized.');
      if (input.Finalized === true) {
        if (!hasAssets(state, revision)) throw new ServiceError('ValidationException', 'The revision has no assets.');
        if (importsInto(state, revision).length > 0) throw conflict('A job still imports into the revision.');
        revision.Finalized = true;
      }
      if (input.Comment !== undefined) revision.Comment = text(input.Comment);
      revision.UpdatedAt = caller.now;
      return revision;
    },
  },
  RevokeRevision: {
    source: `${API}RevokeRevision.html`,
    does: (state, input, caller) => {
      const revision = ownRevision(state, input, caller);
      if (!revision.Finalized)
        throw new ServiceError('ValidationException', 'Only a finalized revision can be revoked.');
      if (revision.Revoked) throw conflict('The revision is revoked.');
      revision.Revoked = true;
      revision.RevocationComment = text(input.RevocationComment);
      revision.RevokedAt = caller.now;
      revision.UpdatedAt = caller.now;
      return revision;
    },
  },
  DeleteRevision: {
    source: `${API}DeleteRevision.html`,
    does: (state, input, caller) => {
      const revision = ownRevision(state, input, caller);
      if (revision.Finalized && !revision.Revoked) throw conflict('The revision is finalized.');
      state.revisions.delete(revision.Id);
      for (const [id, asset] of state.assets) if (asset.RevisionId === revision.Id) state.assets.delete(id);
      return undefined;
    },
  },
  ListRevisionAssets: {
    source: `${API}ListRevisionAssets.html`,
    does: (state, input, caller) => {
      const { Id } = ownRevision(state, input, caller);
      return page(
        'Assets',
        [...state.assets.values()].filter(({ RevisionId }) => RevisionId === Id),
        input,
      );
    },
  },
  CreateJob: {
    source: `${API}CreateJob.html and ${QUOTAS}`,
    does: (state, input, caller) => {
      const Details = input.Details as { readonly ImportAssetsFromS3?: ImportDetails };
      if (input.Type !== 'IMPORT_ASSETS_FROM_S3' || Details.ImportAssetsFromS3 === undefined)
        throw new NotImplemented(`CreateJob of type ${text(input.Type)}`);
      const wanted = Details.ImportAssetsFromS3;
      const revision = ownRevision(state, { ...wanted }, caller);
      if (revision.Finalized) throw conflict('The revision is finalized.');
      const count = wanted.AssetSources.length;
      if (count === 0 || count > QUOTA.assetsPerImport)
        throw new ServiceError('ValidationException', `An import takes 1 to ${QUOTA.assetsPerImport} assets.`);
      const Id = caller.newId();
      const job: StoredJob = {
        Id,
        Arn: `arn:aws:dataexchange:us-east-1:${caller.account}:jobs/${Id}`,
        owner: caller.account,
        Type: 'IMPORT_ASSETS_FROM_S3',
        Details: { ImportAssetsFromS3: wanted },
        State: 'WAITING',
        polls: caller.pollsPerJob,
        // By the clock of the S3 that it imports from: one is held against the other.
        CreatedAt: new Date().toISOString(),
        UpdatedAt: caller.now,
      };
      state.jobs.set(Id, job);
      return job;
    },
  },
  StartJob: {
    source: `${API}StartJob.html and ${QUOTAS}`,
    does: (state, { JobId }, caller) => {
      const job = ownJob(state, JobId, caller);
      if (job.State !== 'WAITING') throw conflict(`The job is ${job.State}.`);
      const revision = state.revisions.get(job.Details.ImportAssetsFromS3.RevisionId);
      if (revision === undefined || revision.Finalized) throw conflict('The revision takes no more assets.');
      // The quota is the account's. No reference names its error; of those that the model has for this call it is the fitting one.
      const running = [...state.jobs.values()].filter(
        ({ owner, State }) => owner === caller.account && State === 'IN_PROGRESS',
      );
      if (running.length >= QUOTA.importsAtOnce) throw conflict(`More than ${QUOTA.importsAtOnce} imports at once.`);
      job.State = 'IN_PROGRESS';
      job.UpdatedAt = caller.now;
      return undefined;
    },
  },
  GetJob: {
    source: `${API}GetJob.html`,
    does: async (state, { JobId }, caller) => {
      const job = ownJob(state, JobId, caller);
      if (job.State === 'IN_PROGRESS' && job.polls-- <= 0) await finishImport(state, job, caller);
      return job;
    },
  },
  ListJobs: {
    source: `${API}ListJobs.html`,
    does: ({ jobs }, input, { account }) =>
      page(
        'Jobs',
        [...jobs.values()].filter(
          ({ owner, Details: { ImportAssetsFromS3: details } }) =>
            owner === account &&
            (input.DataSetId === undefined || details.DataSetId === input.DataSetId) &&
            (input.RevisionId === undefined || details.RevisionId === input.RevisionId),
        ),
        input,
      ),
  },
  CancelJob: {
    source: `${API}CancelJob.html`,
    does: (state, { JobId }, caller) => {
      const job = ownJob(state, JobId, caller);
      if (job.State !== 'WAITING') throw conflict(`The job is ${job.State}.`);
      job.State = 'CANCELLED';
      return undefined;
    },
  },
  CreateDataGrant: {
    source: `${API}CreateDataGrant.html and ${QUOTAS}`,
    does: (state, input, caller) => {
      const dataSet = ownDataSet(state, input.SourceDataSetId, caller);
      const receiver = text(input.ReceiverPrincipal);
      const waiting = [...state.grants.values()].filter(
        ({ ReceiverPrincipal, AcceptanceState }) =>
          ReceiverPrincipal === receiver && AcceptanceState === 'PENDING_RECEIVER_ACCEPTANCE',
      );
      if (waiting.length >= QUOTA.pendingGrants)
        throw new ServiceError(
          'ServiceLimitExceededException',
          `${QUOTA.pendingGrants} grants wait for that receiver.`,
        );
      const Id = caller.newId();
      const grant: StoredGrant = {
        Id,
        Arn: `arn:aws:dataexchange:us-east-1:${caller.account}:data-grants/${Id}`,
        Name: text(input.Name),
        ...(input.Description === undefined ? {} : { Description: text(input.Description) }),
        SenderPrincipal: caller.account,
        ReceiverPrincipal: receiver,
        GrantDistributionScope: text(input.GrantDistributionScope),
        SourceDataSetId: dataSet.Id,
        DataSetId: `${ENTITLED}${caller.newId().slice(ENTITLED.length)}`,
        AcceptanceState: 'PENDING_RECEIVER_ACCEPTANCE',
        ...(input.EndsAt === undefined ? {} : { EndsAt: toTime(input.EndsAt) }),
        CreatedAt: caller.now,
        UpdatedAt: caller.now,
      };
      state.grants.set(Id, grant);
      return grant;
    },
  },
  GetDataGrant: {
    source: `${API}GetDataGrant.html`,
    does: ({ grants }, { DataGrantId }, { account }) => {
      const grant = grants.get(text(DataGrantId));
      if (grant?.SenderPrincipal !== account) throw notFound('data grant');
      return grant;
    },
  },
  ListDataGrants: {
    source: `${API}ListDataGrants.html`,
    does: ({ grants }, input, { account }) =>
      page(
        'DataGrantSummaries',
        [...grants.values()].filter(({ SenderPrincipal }) => SenderPrincipal === account),
        input,
      ),
  },
  DeleteDataGrant: {
    source: `${API}DeleteDataGrant.html`,
    does: ({ grants }, { DataGrantId }, { account }) => {
      const grant = grants.get(text(DataGrantId));
      if (grant?.SenderPrincipal !== account) throw notFound('data grant');
      grants.delete(grant.Id);
      return undefined;
    },
  },
  AcceptDataGrant: {
    source: `${API}AcceptDataGrant.html`,
    does: ({ grants }, { DataGrantArn }, { account, now }) => {
      const grant = [...grants.values()].find(({ Arn }) => Arn === DataGrantArn);
      if (grant?.ReceiverPrincipal !== account) throw notFound('data grant');
      if (grant.AcceptanceState === 'ACCEPTED') throw conflict('The grant is accepted.');
      grant.AcceptanceState = 'ACCEPTED';
      grant.AcceptedAt = now;
      return grant;
    },
  },
  ListReceivedDataGrants: {
    source: `${API}ListReceivedDataGrants.html`,
    does: ({ grants }, input, { account }) => {
      const { AcceptanceState: wanted } = input;
      const received = [...grants.values()].filter(
        ({ ReceiverPrincipal, AcceptanceState }) =>
          ReceiverPrincipal === account && (!Array.isArray(wanted) || wanted.includes(AcceptanceState)),
      );
      return page('DataGrantSummaries', received, input);
    },
  },
  SendDataSetNotification: {
    source: `${API}SendDataSetNotification.html`,
    // `ClientToken`: "this key allows us to deduplicate notifications that are sent in quick succession erroneously".
    does: (state, { DataSetId, Type, Comment, ClientToken }, caller) => {
      const { Id } = ownDataSet(state, DataSetId, caller);
      const token = text(ClientToken);
      if (state.notifications.some((sent) => sent.dataSet === Id && sent.token === token)) return {};
      state.notifications.push({
        dataSet: Id,
        token,
        type: text(Type),
        ...(Comment === undefined ? {} : { comment: text(Comment) }),
      });
      return {};
    },
  },
};

async function finishImport(state: ExchangeState, job: StoredJob, { now, newId, sizeOf }: Caller): Promise<void> {
  const { AssetSources, DataSetId, RevisionId } = job.Details.ImportAssetsFromS3;
  const revision = state.revisions.get(RevisionId);
  job.UpdatedAt = now;
  const fail = (Code: string, Message: string) => {
    job.State = 'ERROR';
    job.Errors = [{ Code, Message }];
  };
  if (revision === undefined || revision.Finalized)
    return fail('VALIDATION_EXCEPTION', 'The revision takes no more assets.');
  const sizes = await Promise.all(AssetSources.map(({ Bucket, Key }) => sizeOf(Bucket, Key)));
  if (sizes.includes(undefined)) return fail('RESOURCE_NOT_FOUND_EXCEPTION', 'An object to import is not there.');
  const assets = [...state.assets.values()].filter((asset) => asset.RevisionId === RevisionId);
  if (assets.length + AssetSources.length > QUOTA.assetsPerRevision)
    return fail('SERVICE_LIMIT_EXCEEDED_EXCEPTION', 'The revision would have too many assets.');
  for (const [index, { Key }] of AssetSources.entries()) {
    // An asset of the same name takes the place of the one before.
    const before = assets.find(({ Name }) => Name === Key);
    if (before !== undefined) state.assets.delete(before.Id);
    const Id = newId();
    state.assets.set(Id, {
      Id,
      Arn: `${revision.Arn}/assets/${Id}`,
      DataSetId,
      RevisionId,
      AssetType: 'S3_SNAPSHOT',
      Name: Key,
      AssetDetails: { S3SnapshotAsset: { Size: sizes[index]! } },
      CreatedAt: now,
      UpdatedAt: now,
    });
  }
  job.State = 'COMPLETED';
}

function ownDataSet({ dataSets }: ExchangeState, id: unknown, { account }: Caller): StoredDataSet {
  const dataSet = dataSets.get(text(id));
  if (dataSet?.owner !== account) throw notFound('data set');
  return dataSet;
}

/** The grant by which a data set is the caller's to read. */
function findEntitled({ grants }: ExchangeState, id: unknown, { account }: Caller): StoredGrant | undefined {
  const grant = [...grants.values()].find(({ DataSetId }) => DataSetId === id);
  return grant?.ReceiverPrincipal === account && grant.AcceptanceState === 'ACCEPTED' ? grant : undefined;
}

function ownRevision(state: ExchangeState, { DataSetId, RevisionId }: Input, caller: Caller): StoredRevision {
  const dataSet = ownDataSet(state, DataSetId, caller);
  const revision = state.revisions.get(text(RevisionId));
  if (revision?.DataSetId !== dataSet.Id) throw notFound('revision');
  return revision;
}

function ownJob({ jobs }: ExchangeState, id: unknown, { account }: Caller): StoredJob {
  const job = jobs.get(text(id));
  if (job?.owner !== account) throw notFound('job');
  return job;
}

function hasAssets({ assets }: ExchangeState, { Id }: StoredRevision): boolean {
  return [...assets.values()].some(({ RevisionId }) => RevisionId === Id);
}

function importsInto({ jobs }: ExchangeState, { Id }: StoredRevision): readonly StoredJob[] {
  return [...jobs.values()].filter(
    ({ State, Details }) => State === 'IN_PROGRESS' && Details.ImportAssetsFromS3.RevisionId === Id,
  );
}

/** `maxResults` and `nextToken`, as all lists of the service have them. */
function page<T>(name: string, all: readonly T[], { MaxResults, NextToken }: Input) {
  const size = Number(MaxResults ?? 25);
  const from = Number(NextToken ?? 0);
  const next = from + size;
  return { [name]: all.slice(from, next), ...(next < all.length ? { NextToken: String(next) } : {}) };
}

function conflict(message: string): ServiceError {
  return new ServiceError('ConflictException', message);
}

function notFound(what: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', `There is no such ${what}.`);
}

function toTime(value: unknown): string {
  return typeof value === 'number' ? new Date(value * 1000).toISOString() : text(value);
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error(`Not text: ${JSON.stringify(value)}`);
  return value;
}
