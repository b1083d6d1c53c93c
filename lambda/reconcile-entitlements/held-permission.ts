import type { DataCellsFilterResource, PrincipalResourcePermissions, Resource } from '@aws-sdk/client-lakeformation';
import { nameRawDatabase } from '../../lib/domain/room/catalogue';
import { partyTag, purposeTag, SENSITIVITY } from '../../lib/domain/room/lake-tags';
import { nameDatabase } from '../../lib/domain/room/room-names';

/** A permission of Lake Formation that reaches out of the room. */
export type HeldPermission =
  /** On a leg's filter, by a whole account: what entitlements are. */
  | { readonly kind: 'filter'; readonly account: string; readonly filter: DataCellsFilterResource }
  /** Anything else: on tables, by tags, to roles of others, or one that its holder may pass on. Only a person makes it. */
  | { readonly kind: 'beside'; readonly account: string; readonly held: PrincipalResourcePermissions };

/**
 * What a permission is to the room. Undefined for what stays inside its account, and for what shows names alone: sharing a filter
 * may show those of its table by itself.
 * @param room 12 digits: whose catalogue it is
 */
export function readPermission(held: PrincipalResourcePermissions, room: string): HeldPermission | undefined {
  const { Principal, Resource: resource, Permissions = [], PermissionsWithGrantOption: passesOn = [] } = held;
  const account = Principal?.DataLakePrincipalIdentifier ?? '';
  const filter = resource?.DataCellsFilter;
  const isOwn = account === 'IAM_ALLOWED_PRINCIPALS' || account.split(':').includes(room);
  if (filter !== undefined && ACCOUNT.test(account) && (isOwn || passesOn.length === 0))
    return { kind: 'filter', account, filter };
  const showsNames = passesOn.length === 0 && Permissions.every((each) => each === 'DESCRIBE');
  return isOwn || showsNames ? undefined : { kind: 'beside', account, held };
}

const ACCOUNT = /^\d{12}$/;

/** Whether it is on what an agreement's parties gave. A tag that all agreements share is of each of them. */
export function isOnAgreement(resource: Resource | undefined, agreement: string): boolean {
  const { Database, Table, TableWithColumns, DataCellsFilter, LFTag, LFTagPolicy } = resource ?? {};
  const database =
    Database?.Name ?? Table?.DatabaseName ?? TableWithColumns?.DatabaseName ?? DataCellsFilter?.DatabaseName;
  const keys = [LFTag?.TagKey, ...(LFTagPolicy?.Expression ?? []).map(({ TagKey }) => TagKey)];
  const tags: readonly (string | undefined)[] = [partyTag(agreement), purposeTag(agreement), SENSITIVITY];
  return (
    database === nameDatabase(agreement) ||
    database === nameRawDatabase(agreement) ||
    keys.some((key) => key !== undefined && tags.includes(key))
  );
}

/** The table that it is on; undefined where it is on none in particular. */
export function tableOf({ Table, TableWithColumns, DataCellsFilter }: Resource): string | undefined {
  return Table?.Name ?? TableWithColumns?.Name ?? DataCellsFilter?.TableName;
}
