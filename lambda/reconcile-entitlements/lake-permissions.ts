import { BatchCreatePartitionCommand, GetTableCommand, type GlueClient } from '@aws-sdk/client-glue';
import {
  BatchGrantPermissionsCommand,
  type BatchPermissionsFailureEntry,
  type BatchPermissionsRequestEntry,
  BatchRevokePermissionsCommand,
  ConcurrentModificationException,
  type DataCellsFilter,
  type DataCellsFilterResource,
  EntityNotFoundException,
  GetDataCellsFilterCommand,
  type LakeFormationClient,
  paginateListPermissions,
  UpdateDataCellsFilterCommand,
} from '@aws-sdk/client-lakeformation';
import type { PlannedLeg } from '../../lib/domain/agreement/plan/plan';
import type { ActualEntitlement } from '../../lib/domain/exchange/entitlements/diff-entitlements';
import type { AgreementOnRecord } from '../../lib/domain/registry/read-conduct';
import { nameTable, readRounds, showRounds } from '../../lib/domain/room/catalogue';
import { nameDatabase } from '../../lib/domain/room/room-names';
import { findLeg } from '../shared/find-leg';
import type { EntitlementService } from './entitlement-service';
import { type HeldPermission, isOnAgreement, readPermission, tableOf } from './held-permission';

interface LakeClients {
  readonly lakeFormation: LakeFormationClient;
  readonly glue: GlueClient;
  /** 12 digits: whose catalogue it is. */
  readonly account: string;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/**
 * Grants of Lake Formation on the filter of a leg's table. The filter names the rounds whose rows are seen: none until one is
 * complete. Lake Formation takes one change at a time, so changes follow one another and are tried again.
 */
export function openLakePermissions(clients: LakeClients): EntitlementService {
  let held: Promise<readonly HeldPermission[]> | undefined;
  const look = () => {
    held ??= listHeld(clients);
    return held;
  };
  return {
    kinds: ['lake-formation', 'query-only'],
    async list(on, recorded) {
      const legs = new Map(on.plan.legs.map((leg) => [nameTable(leg.id), leg]));
      const { id } = on.plan.agreement;
      const all = await look();
      const beside = all.flatMap((each) =>
        each.kind === 'beside' && isOnAgreement(each.held.Resource, id) ? [describeBeside(each, legs)] : [],
      );
      const own = all.flatMap((each) =>
        each.kind === 'filter' && each.filter.DatabaseName === nameDatabase(id) ? [each] : [],
      );
      const granted = await Promise.all(
        own.map(async ({ filter, account }): Promise<ActualEntitlement> => {
          const leg = legs.get(filter.Name ?? '');
          const releases = recorded.releasesOf(leg?.id ?? '') ?? (await readFilter(clients, filter));
          const kind = leg?.via.kind === 'query-only' ? 'query-only' : 'lake-formation';
          const reference = `${filter.DatabaseName}.${filter.TableName}:${filter.Name}`;
          return { kind, ...(leg === undefined ? {} : { leg: leg.id }), account, releases, reference };
        }),
      );
      return [...granted, ...beside];
    },
    async apply(on, step, releases) {
      if (step.reference?.startsWith('{')) {
        held = undefined;
        await change(clients, () => takeBack(clients, JSON.parse(step.reference!)));
        return step.reference;
      }
      const leg = findLeg(on, step.leg);
      const filter = leg === undefined ? parseReference(step.reference, clients) : filterOf(on, leg, clients);
      held = undefined;
      // The leg has one filter, whoever holds it: what its receiver sees stays when another holder loses it.
      const isOthers = step.do === 'revoke' && releases.length > 0;
      if (leg !== undefined && !isOthers) {
        await addPartitions(clients, filter, releases);
        await change(clients, () => writeFilter(clients, filter, releases)).catch((error: unknown) => {
          // Through a filter that is gone nothing is seen: what is permitted on it is taken back all the same.
          if (step.do !== 'revoke' || !(error instanceof EntityNotFoundException)) throw error;
        });
      }
      if (step.do === 'grant') await change(clients, () => permit(clients, filter, step.account));
      if (step.do === 'revoke') await change(clients, () => withdraw(clients, filter, step.account));
      return `${filter.DatabaseName}.${filter.TableName}:${filter.Name}`;
    },
  };
}

class LakeNotChanged extends Error {
  override readonly name = 'LakeNotChanged';
}

async function listHeld({ lakeFormation, account }: LakeClients): Promise<readonly HeldPermission[]> {
  const held: HeldPermission[] = [];
  const pages = paginateListPermissions({ client: lakeFormation, pageSize: PERMISSIONS_AT_ONCE }, {});
  for await (const { PrincipalResourcePermissions = [] } of pages)
    held.push(...PrincipalResourcePermissions.flatMap((each) => readPermission(each, account) ?? []));
  return held;
}

/** Lake Formation lists so many in one call. */
const PERMISSIONS_AT_ONCE = 1000;

/** Its reference is the permission itself: by nothing less can it be taken back. */
function describeBeside(
  { account, held }: Extract<HeldPermission, { readonly kind: 'beside' }>,
  legs: ReadonlyMap<string, PlannedLeg>,
): ActualEntitlement {
  const { Principal, Resource = {}, Permissions, PermissionsWithGrantOption } = held;
  const leg = legs.get(tableOf(Resource) ?? '');
  const reference = JSON.stringify({ Principal, Resource, Permissions, PermissionsWithGrantOption });
  const common = { kind: 'lake-formation', account, releases: [], reference, isBeside: true } as const;
  return leg === undefined ? common : { ...common, leg: leg.id };
}

function filterOf(
  { plan }: AgreementOnRecord,
  leg: PlannedLeg,
  { account }: LakeClients,
): Required<DataCellsFilterResource> {
  const table = nameTable(leg.id);
  return { TableCatalogId: account, DatabaseName: nameDatabase(plan.agreement.id), TableName: table, Name: table };
}

function parseReference(reference = '', { account }: LakeClients): Required<DataCellsFilterResource> {
  const [, DatabaseName = '', TableName = '', Name = ''] = /^([^.]*)\.([^:]*):(.*)$/.exec(reference) ?? [];
  return { TableCatalogId: account, DatabaseName, TableName, Name };
}

async function readFilter(
  { lakeFormation }: LakeClients,
  { TableCatalogId, DatabaseName, TableName, Name }: DataCellsFilterResource,
): Promise<readonly string[]> {
  const found = await lakeFormation.send(
    new GetDataCellsFilterCommand({ TableCatalogId, DatabaseName, TableName, Name }),
  );
  return readRounds(found.DataCellsFilter?.RowFilter?.FilterExpression ?? '');
}

/** As the agreement's stack made it, but for the rounds. */
async function writeFilter(
  { lakeFormation }: LakeClients,
  filter: Required<DataCellsFilterResource>,
  releases: readonly string[],
): Promise<void> {
  const { DataCellsFilter } = await lakeFormation.send(new GetDataCellsFilterCommand(filter));
  if (DataCellsFilter === undefined) throw new LakeNotChanged(`There is no filter ${filter.Name}.`);
  const FilterExpression = showRounds(releases);
  if (DataCellsFilter.RowFilter?.FilterExpression === FilterExpression) return;
  const { VersionId: _, ...kept } = DataCellsFilter;
  const TableData: DataCellsFilter = { ...kept, RowFilter: { FilterExpression } };
  await lakeFormation.send(new UpdateDataCellsFilterCommand({ TableData }));
}

async function permit(clients: LakeClients, filter: DataCellsFilterResource, account: string): Promise<void> {
  const { Failures = [] } = await clients.lakeFormation.send(
    new BatchGrantPermissionsCommand({ Entries: [entryOf(filter, account)] }),
  );
  throwFailures(Failures);
}

async function withdraw(clients: LakeClients, filter: DataCellsFilterResource, account: string): Promise<void> {
  await takeBack(clients, entryOf(filter, account));
}

/** What is gone is taken back. */
async function takeBack(
  { lakeFormation }: LakeClients,
  permission: Omit<BatchPermissionsRequestEntry, 'Id'>,
): Promise<void> {
  const { Failures = [] } = await lakeFormation.send(
    new BatchRevokePermissionsCommand({ Entries: [{ ...permission, Id: '1' }] }),
  );
  throwFailures(Failures.filter(({ Error: error }) => error?.ErrorCode !== 'EntityNotFoundException'));
}

function entryOf(filter: DataCellsFilterResource, account: string): BatchPermissionsRequestEntry {
  return {
    Id: '1',
    Principal: { DataLakePrincipalIdentifier: account },
    Resource: { DataCellsFilter: filter },
    Permissions: ['SELECT'],
  };
}

function throwFailures(failures: readonly BatchPermissionsFailureEntry[]): void {
  const [failure] = failures;
  if (failure === undefined) return;
  const code = failure.Error?.ErrorCode ?? 'unknown';
  if (code === 'ConcurrentModificationException')
    throw new ConcurrentModificationException({ message: code, $metadata: {} });
  throw new LakeNotChanged(`Lake Formation did not change a permission: ${code}.`);
}

/** One more try after each that met another's change. */
async function change({ sleep }: LakeClients, make: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await make();
      return;
    } catch (error) {
      if (!(error instanceof ConcurrentModificationException) || tries === TRIES) throw error;
      await sleep(200 * 2 ** tries);
    }
  }
}

const TRIES = 5;

/** A round is a partition; one that stands already is left. */
async function addPartitions(
  { glue }: LakeClients,
  { DatabaseName, TableName, TableCatalogId }: Required<DataCellsFilterResource>,
  releases: readonly string[],
): Promise<void> {
  if (releases.length === 0) return;
  const place = { CatalogId: TableCatalogId, DatabaseName, TableName };
  const { Table } = await glue.send(new GetTableCommand({ CatalogId: TableCatalogId, DatabaseName, Name: TableName }));
  const { StorageDescriptor } = Table ?? {};
  if (StorageDescriptor?.Location === undefined) throw new LakeNotChanged(`The table ${TableName} has no place.`);
  const location = StorageDescriptor.Location.replace(/\/?$/, '/');
  for (let at = 0; at < releases.length; at += PARTITIONS_AT_ONCE) {
    const PartitionInputList = releases.slice(at, at + PARTITIONS_AT_ONCE).map((day) => ({
      Values: [day],
      StorageDescriptor: { ...StorageDescriptor, Location: `${location}round=${day}/` },
    }));
    const { Errors = [] } = await glue.send(new BatchCreatePartitionCommand({ ...place, PartitionInputList }));
    const failed = Errors.filter(({ ErrorDetail }) => ErrorDetail?.ErrorCode !== 'AlreadyExistsException');
    if (failed.length > 0) throw new LakeNotChanged(`${failed.length} rounds of ${TableName} were not added.`);
  }
}

/** Glue takes so many in one call. */
const PARTITIONS_AT_ONCE = 100;
