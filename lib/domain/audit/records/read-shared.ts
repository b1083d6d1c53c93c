import { isAgreementDatabase } from '../../room/room-names';
import type { Resource } from '../access';
import {
  accountOfArn,
  accountOfPrincipal,
  type Fields,
  readAccount,
  readFields,
  readList,
  readText,
} from './record-fields';

/** What was accessed, and whose it is. */
export interface Accessed {
  readonly resource: Resource;
  /** 12 digits. */
  readonly owner?: string | undefined;
  /** 12 digits: to whom it is granted or shared. */
  readonly receiver?: string | undefined;
}

/** A grant of Lake Formation. Of several made at once that to somebody of another account is told, of a table of an agreement before others. */
export function readPermitted(record: Fields, request: Fields): Accessed {
  const own = readAccount(record, 'recipientAccountId');
  const entries = readList(request, 'entries');
  const granted = (entries.length === 0 ? [request] : entries).map((entry) => ({
    at: readTables(readFields(entry, 'resource'), readAccount(request, 'catalogId') ?? own),
    receiver: accountOfPrincipal(readText(readFields(entry, 'principal'), 'dataLakePrincipalIdentifier')),
  }));
  const outside = granted.filter(({ receiver }) => receiver !== undefined && receiver !== own);
  const told = outside.find(({ at }) => isAgreementDatabase(at?.database ?? '')) ?? outside[0] ?? granted[0];
  if (told?.at === undefined)
    return { resource: { kind: 'none' }, owner: readAccount(request, 'catalogId'), receiver: told?.receiver };
  const { owner, database, table } = told.at;
  const region = readText(record, 'awsRegion') ?? '';
  const arn = `arn:aws:glue:${region}:${owner ?? ''}:table/${database}/${table}`;
  return { resource: { kind: 'table', arn }, owner, receiver: told.receiver };
}

/** `*` where it is about all tables of the database. */
interface Tables {
  readonly owner: string | undefined;
  readonly database: string;
  readonly table: string;
}

/** Of the resources that Lake Formation knows, those that are tables by name. */
function readTables(resource: Fields, catalog: string | undefined): Tables | undefined {
  const filter = readFields(resource, 'dataCellsFilter');
  const filtered = readText(filter, 'databaseName');
  if (filtered !== undefined)
    return {
      owner: readAccount(filter, 'tableCatalogId') ?? catalog,
      database: filtered,
      table: readText(filter, 'tableName') ?? '*',
    };
  const whole = readFields(resource, 'database');
  const database = readText(whole, 'name');
  if (database !== undefined) return { owner: readAccount(whole, 'catalogId') ?? catalog, database, table: '*' };
  for (const kind of ['table', 'tableWithColumns']) {
    const at = readFields(resource, kind);
    const within = readText(at, 'databaseName');
    if (within === undefined) continue;
    return { owner: readAccount(at, 'catalogId') ?? catalog, database: within, table: readText(at, 'name') ?? '*' };
  }
  return undefined;
}

/** A share of Resource Access Manager: the first table that it names, of an agreement's before others; else the share itself. */
export function readShare(request: Fields, response: Fields): Accessed {
  const arns = listTexts(request.resourceArns).flatMap((arn) => readGlueArn(arn) ?? []);
  const shared = arns.find(({ database }) => isAgreementDatabase(database)) ?? arns[0];
  const receiver = listTexts(request.principals)
    .map(accountOfPrincipal)
    .find((each) => each !== undefined);
  if (shared !== undefined)
    return { resource: { kind: 'table', arn: shared.arn }, owner: accountOfArn(shared.arn), receiver };
  const arn =
    readText(request, 'resourceShareArn') ??
    readText(readFields(response, 'resourceShare'), 'resourceShareArn') ??
    readText(request, 'resourceShareInvitationArn');
  if (arn === undefined) return { resource: { kind: 'none' }, receiver };
  return { resource: { kind: 'other', id: arn }, owner: accountOfArn(arn), receiver };
}

function readGlueArn(arn: string): { readonly arn: string; readonly database: string } | undefined {
  const [, at, kind, database, table] =
    /^(arn:[\w-]+:glue:[\w-]*:\d{12}):(database|table)\/([^/]+)(?:\/(.+))?$/.exec(arn) ?? [];
  if (at === undefined || database === undefined) return undefined;
  return { arn: `${at}:table/${database}/${kind === 'table' ? (table ?? '*') : '*'}`, database };
}

function listTexts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}
