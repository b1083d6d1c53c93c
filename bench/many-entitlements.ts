import type { DataExchangeClient } from '@aws-sdk/client-dataexchange';
import { CreateDataSetCommand, CreateRevisionCommand } from '@aws-sdk/client-dataexchange';
import { CreateDatabaseCommand, CreateTableCommand, type GlueClient } from '@aws-sdk/client-glue';
import { CreateDataCellsFilterCommand, type LakeFormationClient } from '@aws-sdk/client-lakeformation';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Plan, PlannedLeg } from '../lib/domain/agreement/plan/plan';
import { registerAgreement } from '../lib/domain/enforcement/registration/register-agreement';
import { nameRelease } from '../lib/domain/exchange/rounds/name-release';
import type { Registry } from '../lib/domain/registry/registry';
import type { ReleaseRecord } from '../lib/domain/registry/round-records';
import { nameTable, showRounds } from '../lib/domain/room/catalogue';
import { releasePrefix, roundPrefix } from '../lib/domain/room/release-prefix';
import { nameDatabase } from '../lib/domain/room/room-names';
import { conductOf } from '../tests/fixtures/conduct';
import { signatureOf, versionOf } from '../tests/fixtures/registered';
import { makeCrowdedPlan } from '../tests/fixtures/sample-plan';
import { makeStoredRelease } from '../tests/fixtures/stored-release';

export const DAY = '2026-03-01';
export const BUCKET = 'lake';
const WAYS = ['data-grant', 'lake-formation', 'sftp'] as const;

export interface LakeOfMany {
  readonly exchange: DataExchangeClient;
  readonly lakeFormation: LakeFormationClient;
  readonly glue: GlueClient;
  readonly s3: S3Client;
  /** Whose catalogue it is: 12 digits. */
  readonly account: string;
}

/**
 * An agreement whose legs go by three ways in turn. Its parties have accounts of their own: at most 20 grants of AWS Data
 * Exchange may wait for one.
 */
export function planOfMany(index: number, legs: number): Plan {
  const plan = makeCrowdedPlan(10, legs);
  return {
    ...plan,
    agreement: { ...plan.agreement, id: `district-${index}` },
    parties: plan.parties.map((party, at) => ({ ...party, account: String(200_000_000_000 + index * 100 + at) })),
    term: { ...plan.term, starts: DAY },
    legs: plan.legs.map((leg, at) => ({ ...leg, via: { kind: WAYS[at % 3]! }, every: 'P1Y', retain: 'P1Y' })),
  };
}

/** Signed by all, with a round that was published whole and is granted to nobody yet. */
export async function publishMany(registry: Registry, lake: LakeOfMany, plan: Plan): Promise<void> {
  const agreement = plan.agreement.id;
  const dataSets = await makeDataSets(lake.exchange, plan);
  const version = versionOf(plan);
  const provisioned = { ...version.provisioned, dataSets };
  await registerAgreement(registry, { ...version, provisioned }, `${DAY}T12:00:00Z`);
  for (const { id } of plan.parties) await registry.signatures(agreement).create(signatureOf(plan, id));
  await registry.current(agreement).change([], (current) => ({ ...current, state: 'active' }));
  await lake.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: nameDatabase(agreement) } }));
  const { rounds, releases } = conductOf(plan, [DAY]);
  for (const round of rounds) await registry.rounds(agreement).create(round);
  for (const release of releases) {
    const leg = plan.legs.find(({ id }) => id === release.leg)!;
    await registry.releases(agreement).create(await keepRelease(lake, plan, leg, release));
  }
}

async function makeDataSets(exchange: DataExchangeClient, plan: Plan): Promise<Readonly<Record<string, string>>> {
  const granted = plan.legs.filter(({ via }) => via.kind === 'data-grant');
  const made = await Promise.all(
    granted.map(async ({ id }) => {
      const set = { AssetType: 'S3_SNAPSHOT' as const, Name: id, Description: id };
      const DataSetId = (await exchange.send(new CreateDataSetCommand(set))).Id ?? '';
      await exchange.send(new CreateRevisionCommand({ DataSetId, Comment: nameRelease(plan.agreement.id, id, DAY) }));
      return [id, DataSetId] as const;
    }),
  );
  return Object.fromEntries(made);
}

/** As a publication leaves it: its files in the lake, its certificate in the escrow, a table with a filter that shows nothing yet. */
async function keepRelease(
  { glue, lakeFormation, s3, account }: LakeOfMany,
  plan: Plan,
  leg: PlannedLeg,
  release: ReleaseRecord,
): Promise<ReleaseRecord> {
  const { record, objects } = makeStoredRelease(plan, leg, DAY);
  const { place, certificate } = record;
  const { id: agreement } = plan.agreement;
  if (leg.via.kind === 'sftp')
    for (const [key, Body] of objects) {
      const Key = key.endsWith('.parquet') ? key.replace(place, roundPrefix(agreement, leg, DAY)) : key;
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
    }
  if (leg.via.kind === 'lake-formation') {
    const [DatabaseName, Name] = [nameDatabase(agreement), nameTable(leg.id)];
    const StorageDescriptor = { Location: `s3://${BUCKET}/${releasePrefix(agreement, leg)}`, Columns: [] };
    const PartitionKeys = [{ Name: 'round', Type: 'string' }];
    await glue.send(new CreateTableCommand({ DatabaseName, TableInput: { Name, StorageDescriptor, PartitionKeys } }));
    const shown = { RowFilter: { FilterExpression: showRounds([]) }, ColumnWildcard: {} };
    const TableData = { TableCatalogId: account, DatabaseName, TableName: Name, Name, ...shown };
    await lakeFormation.send(new CreateDataCellsFilterCommand({ TableData }));
  }
  return { ...release, place, certificate };
}
