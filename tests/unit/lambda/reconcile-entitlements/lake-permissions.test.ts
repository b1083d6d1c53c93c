import { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { GlueClient } from '@aws-sdk/client-glue';
import {
  type BatchPermissionsRequestEntry,
  type DataCellsFilter,
  LakeFormationClient,
} from '@aws-sdk/client-lakeformation';
import { openLakePermissions } from '../../../../lambda/reconcile-entitlements/lake-permissions';
import { reconcileEntitlements } from '../../../../lambda/reconcile-entitlements/reconcile-entitlements';
import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { nameRawDatabase, nameTable, showRounds } from '../../../../lib/domain/room/catalogue';
import { partyTag, SENSITIVITY } from '../../../../lib/domain/room/lake-tags';
import { nameDatabase } from '../../../../lib/domain/room/room-names';
import { conductOf } from '../../../fixtures/conduct';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { recordLog } from '../../../fixtures/recorded-log';
import { registerSigned } from '../../../fixtures/registered';
import { standStill } from '../../../fixtures/stand-still';

const ROOM = '999988887777';
const DAY = '2026-01-01';
const NOW = '2026-01-01T12:00:00Z';
const [FIRST, SECOND] = TELCO_RETAIL_PLAN.legs;
const PLAN: Plan = {
  ...TELCO_RETAIL_PLAN,
  legs: [
    { ...FIRST!, via: { kind: 'query-only' } },
    { ...SECOND!, via: { kind: 'lake-formation' } },
  ],
};
const ID = PLAN.agreement.id;
const accountOf = (leg: number) => PLAN.parties.find(({ id }) => id === PLAN.legs[leg]!.to)!.account;
const tableOf = (leg: number) => nameTable(PLAN.legs[leg]!.id);
const filterOf = (leg: number) => ({
  TableCatalogId: ROOM,
  DatabaseName: nameDatabase(ID),
  TableName: tableOf(leg),
  Name: tableOf(leg),
});

type Entry = Omit<BatchPermissionsRequestEntry, 'Id'>;

/**
 * Lake Formation and Glue in memory, behind their own clients.
 * @param contended how often each operation meets another's change first
 */
function openLake(contended: Readonly<Record<string, number>> = {}) {
  const filters = new Map<string, string>(PLAN.legs.map((_, leg) => [tableOf(leg), showRounds([])]));
  const permissions: Entry[] = [];
  const tables = { areThere: true };
  /** Of whom what is listed is gone when it is to be taken back. */
  const gone = new Set<string>();
  const left = new Map(Object.entries(contended));
  const pages: number[] = [];
  const isSame = (one: Entry, other: Entry) =>
    isDeepStrictEqual([one.Principal, one.Resource], [other.Principal, other.Resource]);
  const refuse = (entries: readonly Entry[]) => ({
    Failures: entries.map((RequestEntry) => ({
      RequestEntry,
      Error: { ErrorCode: 'ConcurrentModificationException' },
    })),
  });
  const answer = (operation: string, input: Input): object | 'contended' | 'missing' => {
    const times = left.get(operation) ?? 0;
    left.set(operation, times - 1);
    const isContended = times > 0;
    const entries = input.Entries ?? [];
    const { Name = '', RowFilter } = input.TableData ?? input;
    switch (operation) {
      case 'ListPermissions':
        return listPage(permissions, input, pages);
      case 'GetDataCellsFilter': {
        const FilterExpression = filters.get(Name);
        if (FilterExpression === undefined) return 'missing';
        return { DataCellsFilter: { ...filterOf(0), TableName: Name, Name, RowFilter: { FilterExpression } } };
      }
      case 'UpdateDataCellsFilter':
        if (isContended) return 'contended';
        filters.set(Name, RowFilter?.FilterExpression ?? '');
        return {};
      case 'BatchGrantPermissions':
        if (isContended) return refuse(entries);
        for (const { Principal, Resource, Permissions } of entries)
          permissions.push({ Principal, Resource, Permissions });
        return {};
      case 'BatchRevokePermissions':
        if (isContended) return refuse(entries);
        if (entries.some((each) => gone.has(each.Principal?.DataLakePrincipalIdentifier ?? '')))
          return {
            Failures: entries.map((RequestEntry) => ({
              RequestEntry,
              Error: { ErrorCode: 'EntityNotFoundException' },
            })),
          };
        for (const entry of entries) {
          const at = permissions.findIndex((each) => isSame(each, entry));
          if (at >= 0) permissions.splice(at, 1);
        }
        return {};
      case 'GetTable':
        if (!tables.areThere) return 'missing';
        return { Table: { Name: Name, StorageDescriptor: { Location: 's3://lake/there/' } } };
      case 'BatchCreatePartition':
        return {};
      default:
        throw new Error(`Lake Formation and Glue in memory have no ${operation}.`);
    }
  };
  const requestHandler = {
    handle: async ({ path, headers, body }: Request) => {
      const target = headers['x-amz-target']?.split('.').at(-1) ?? path.slice(1);
      const answered = answer(target, JSON.parse(Buffer.from(body).toString()));
      const error = { contended: 'ConcurrentModificationException', missing: 'EntityNotFoundException' };
      const [statusCode, content] =
        typeof answered === 'string' ? [400, { __type: error[answered], Message: 'No.' }] : [200, answered];
      return { response: { statusCode, headers: {}, body: Readable.from([Buffer.from(JSON.stringify(content))]) } };
    },
  };
  const config = {
    region: 'eu-central-1',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    requestHandler,
    maxAttempts: 1,
  };
  const slept: number[] = [];
  const clients = {
    lakeFormation: new LakeFormationClient(config),
    glue: new GlueClient(config),
    account: ROOM,
    sleep: async (milliseconds: number) => void slept.push(milliseconds),
  };
  return { filters, tables, permissions, pages, gone, slept, clients };
}

/** As many as were asked for, at most; where nobody asked, some. */
function listPage(all: readonly Entry[], { MaxResults = 100, NextToken = '0' }: Input, pages: number[]) {
  const [from, to] = [Number(NextToken), Number(NextToken) + MaxResults];
  pages.push(Math.min(to, all.length) - from);
  return { PrincipalResourcePermissions: all.slice(from, to), ...(to < all.length && { NextToken: String(to) }) };
}

interface Input extends Partial<DataCellsFilter> {
  readonly MaxResults?: number;
  readonly NextToken?: string;
  readonly Entries?: readonly Entry[];
  readonly TableData?: DataCellsFilter;
}

interface Request {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

async function openRoom(contended: Readonly<Record<string, number>> = {}) {
  const lake = openLake(contended);
  const { registry } = await registerSigned(PLAN);
  const { rounds, releases } = conductOf(PLAN, [DAY]);
  await registry.current(ID).change([], (current) => ({ ...current, state: 'active' }));
  for (const round of rounds) await registry.rounds(ID).create(round);
  for (const release of releases) await registry.releases(ID).create(release);
  const rest = {
    ...standStill(),
    log: recordLog().log,
  };
  const run = (cause = 'schedule', now = NOW) =>
    reconcileEntitlements(
      { cause },
      { registry, services: [openLakePermissions(lake.clients)], ...rest, now: () => now },
    );
  const held = () =>
    lake.permissions.map(({ Principal, Resource, PermissionsWithGrantOption: passesOn = [] }) =>
      [Principal?.DataLakePrincipalIdentifier, Object.keys(Resource ?? {})[0], ...passesOn].join(' '),
    );
  return { ...lake, registry, run, held };
}

const AGREED = [0, 1].map((leg) => `${accountOf(leg)} DataCellsFilter`).sort();

test('a thousand permissions are one page of Lake Formation, and what lies on the next is seen', async () => {
  const { run, permissions, pages, held } = await openRoom();
  await run();
  const [own] = permissions;
  const others = Array.from({ length: 1100 }, (_, at) => ({
    ...own!,
    Resource: { DataCellsFilter: { ...filterOf(0), DatabaseName: `other_${at}` } },
  }));
  permissions.unshift(...others);
  pages.length = 0;
  await run();
  expect(pages).toEqual([1000, 102]);
  expect(held()).toHaveLength(1102);
});

test('a query-only leg is granted in Lake Formation as any that is read there, and taken back after the term', async () => {
  const { run, held, filters } = await openRoom();
  await run();
  expect(held().sort()).toEqual(AGREED);
  expect([...filters.values()]).toEqual([showRounds([DAY]), showRounds([DAY])]);
  await run('term');
  expect(held().sort()).toEqual(AGREED);
  await run('term', '2027-01-02T00:00:00Z');
  expect([held(), [...filters.values()]]).toEqual([[], [showRounds([]), showRounds([])]]);
});

describe('what meets another’s change', () => {
  const operations = ['UpdateDataCellsFilter', 'BatchGrantPermissions'];

  test.each(operations)('%s: is tried again until it is made', async (operation) => {
    const { run, held, filters, slept } = await openRoom({ [operation]: 2 });
    await run();
    expect(held().sort()).toEqual(AGREED);
    expect([...filters.values()]).toEqual([showRounds([DAY]), showRounds([DAY])]);
    expect(slept).toEqual([400, 800]);
  });

  test.each(operations)('%s: is an error in the end', async (operation) => {
    const { run, registry } = await openRoom({ [operation]: 100 });
    await expect(run()).rejects.toThrow(`Not reconciled: ${ID}.`);
    const recorded = await registry.entitlements(ID).list();
    expect(recorded.map(({ state, giving }) => [state, giving])).toEqual([
      ['revoked', true],
      ['revoked', true],
    ]);
  });

  test('taking back is tried again too', async () => {
    const { run, held, slept } = await openRoom({ BatchRevokePermissions: 1 });
    await run();
    await run('schedule', '2027-01-02T00:00:00Z');
    expect([held(), slept]).toEqual([[], [400]]);
  });
});

test('where a filter is gone, what is permitted on it is taken back after the term', async () => {
  const { run, held, filters } = await openRoom();
  await run();
  filters.clear();
  await expect(run('term', '2027-01-02T00:00:00Z')).rejects.toThrow('Not reconciled');
  expect(held()).toEqual([]);
});

test('what another holds is taken back though rounds could not be shown', async () => {
  const { run, held, tables, permissions } = await openRoom();
  await run();
  tables.areThere = false;
  const Principal = { DataLakePrincipalIdentifier: '123412341234' };
  permissions.push({ Principal, Resource: { DataCellsFilter: filterOf(0) }, Permissions: ['SELECT'] });
  await run();
  expect(held().sort()).toEqual(AGREED);
});

test('what was taken back already is', async () => {
  const { run, held, gone } = await openRoom();
  await run();
  gone.add(accountOf(0));
  await run('term', '2027-01-02T00:00:00Z');
  expect(held()).toEqual([`${accountOf(0)} DataCellsFilter`]);
});

describe('what a person permits by hand', () => {
  const table = { CatalogId: ROOM, DatabaseName: nameDatabase(ID), Name: tableOf(0) };
  const policy = (TagKey: string) => ({
    LFTagPolicy: { ResourceType: 'TABLE' as const, Expression: [{ TagKey, TagValues: ['x'] }] },
  });
  const role = 'arn:aws:iam::444455556666:role/analyst';

  test.each<[string, string, Entry['Resource'], Partial<Entry>, string?]>([
    ['on a leg’s table', accountOf(0), { Table: table }, {}, PLAN.legs[0]!.id],
    ['on columns of it', accountOf(0), { TableWithColumns: { ...table, ColumnNames: ['a'] } }, {}, PLAN.legs[0]!.id],
    ['on the database', accountOf(0), { Database: { Name: nameDatabase(ID) } }, { Permissions: ['CREATE_TABLE'] }],
    ['on raw rows', accountOf(1), { Table: { ...table, DatabaseName: nameRawDatabase(ID) } }, {}, PLAN.legs[0]!.id],
    ['by a tag of the agreement', accountOf(0), policy(partyTag(ID)), {}],
    ['by a tag of all agreements', '123412341234', policy(SENSITIVITY), {}],
    ['to a role of its receiver’s', role, { DataCellsFilter: filterOf(0) }, {}, PLAN.legs[0]!.id],
    ['to another account', '123412341234', { DataCellsFilter: filterOf(0) }, {}, PLAN.legs[0]!.id],
    ['to an organisation', 'arn:aws:organizations::1:organization/o-1', { Table: table }, {}, PLAN.legs[0]!.id],
  ])('%s is taken back, and on record', async (_, principal, Resource, changed, leg = 'none') => {
    const { run, held, permissions, filters, registry } = await openRoom();
    await run();
    const Principal = { DataLakePrincipalIdentifier: principal };
    permissions.push({ Principal, Resource, Permissions: ['SELECT'], ...changed });
    await run();
    expect(held().sort()).toEqual(AGREED);
    // What its receiver sees stays.
    expect([...filters.values()]).toEqual([showRounds([DAY]), showRounds([DAY])]);
    expect(await registry.drifts(ID).list()).toMatchObject([
      { account: principal, leg, did: 'added', reason: 'not-agreed', clause: 'legs' },
    ]);
    expect((await registry.entitlements(ID).list()).map(({ state }) => state)).toEqual(['granted', 'granted']);
    expect(JSON.stringify(await registry.entitlements(ID).list())).not.toContain('Principal');
  });

  test('that a receiver may pass on what it has is taken back, and what is agreed is granted anew', async () => {
    const { run, held, permissions } = await openRoom();
    await run();
    const [given] = permissions.splice(0, 1);
    permissions.push({ ...given!, PermissionsWithGrantOption: ['SELECT'] });
    await run();
    expect(held().sort()).toEqual(AGREED);
  });

  test.each<[string, string, Entry['Resource'], Partial<Entry>]>([
    ['to a role of the room', `arn:aws:iam::${ROOM}:role/auditor`, { Table: table }, {}],
    ['on another database', accountOf(0), { Table: { ...table, DatabaseName: 'of_somebody_else' } }, {}],
    ['to see names alone', accountOf(0), { Table: table }, { Permissions: ['DESCRIBE'] }],
  ])('%s is left', async (_, principal, Resource, changed) => {
    const { run, permissions } = await openRoom();
    await run();
    const Principal = { DataLakePrincipalIdentifier: principal };
    permissions.push({ Principal, Resource, Permissions: ['SELECT'], ...changed });
    await run();
    expect(permissions).toHaveLength(3);
  });
});
