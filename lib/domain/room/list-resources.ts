import { writeDataQuality } from '../agreement/expressions/write-data-quality';
import { goesByDataSet } from '../agreement/plan/goes-by-data-set';
import type { Delivery, Plan, PlannedLeg, PlannedParty } from '../agreement/plan/plan';
import { planForSide, type SidePlan } from '../agreement/plan/plan-for-side';
import { isReadByLake } from '../agreement/plan/read-by-lake';
import { listAddresses } from '../enforcement/letters/list-addresses';
import { listMembers } from '../enforcement/registration/list-principals';
import { planTerm } from '../exchange/entitlements/plan-term';
import { type CatalogueTable, listTables } from './catalogue';
import { listAgreementTags } from './lake-tags';

/** One thing that a room has, or grants, because an agreement says so. */
export interface RoomResource {
  readonly what: ResourceKind;
  /** Whose it is: of a party, dataset, leg or day of the term by its id; an address, a network, a tag, a table or a database by its name. */
  readonly id: string;
  /** What the agreement makes of it: where this differs, the resource does. */
  readonly says: unknown;
}

export type ResourceKind =
  | 'schedule'
  | 'address for letters'
  | 'role'
  | 'role for signing'
  | 'SFTP role'
  | 'SFTP network'
  | 'forwarded events'
  | 'database'
  | 'table'
  | 'tag'
  | 'tags of table'
  | 'checks'
  | 'key'
  | 'expiry of releases'
  | 'count of reads'
  | 'warehouse role'
  | 'filter'
  | 'data set'
  | 'place in the product'
  | 'data grant'
  | 'share'
  | 'inbox'
  | 'links';

/**
 * What a room has for one agreement, of that for which the stacks draw something (`tests/templates/list-resources.test.ts`
 * holds it against them) and of what is granted once a round is out. A room for all is meant: of peers' rooms, each has
 * what is of its own datasets and legs. How data are treated is no resource: jobs go by the version on record.
 */
export function listResources(plan: Plan): readonly RoomResource[] {
  const side = planForSide(plan, { kind: 'hosted' });
  const members = new Set(listMembers(side).map(({ id }) => id));
  return [
    ...listOfTerm(side),
    ...side.parties.flatMap((party) => listOfParty(side, party, members.has(party.id))),
    ...listOfCatalogue(side),
    ...side.legs.flatMap((leg) => listOfLeg(side, leg)),
  ];
}

function listOfTerm(plan: SidePlan): readonly RoomResource[] {
  const networks = new Set(plan.parties.flatMap(({ sftp }) => sftp?.cidrs ?? []));
  return [
    ...planTerm(plan.term).map(({ kind, at }) => made('schedule', kind, at)),
    ...[...listAddresses(plan)].map(([address, contacts]) => made('address for letters', address, contacts)),
    ...[...networks].map((range) => made('SFTP network', range, {})),
  ];
}

function listOfParty(plan: SidePlan, { id, account, sftp }: PlannedParty, isMember: boolean): readonly RoomResource[] {
  const gives = plan.datasets.flatMap(({ id: dataset, owner }) => (owner === id ? [dataset] : []));
  const fetches = plan.legs.flatMap(({ id: leg, to, via }) => (to === id && via.kind === 'sftp' ? [leg] : []));
  const usesSftp = isMember && sftp !== undefined && gives.length + fetches.length > 0;
  return [
    isMember ? made('role', id, { account, gives }) : made('role for signing', id, account),
    ...(usesSftp ? [made('SFTP role', id, { gives, fetches })] : []),
    // Who runs the room has nothing to forward to it.
    ...(id === plan.room?.operator ? [] : [made('forwarded events', id, account)]),
  ];
}

function listOfCatalogue(plan: SidePlan): readonly RoomResource[] {
  const tables = listTables(plan);
  const { id: agreement, title } = plan.agreement;
  return [
    ...[...new Set(tables.map(({ database }) => database))].map((name) => made('database', name, title)),
    ...listAgreementTags(agreement, tables).map(({ key, values }) => made('tag', key, values)),
    ...tables.flatMap((table) => {
      const { title, columns, party, purposes } = table;
      const roles = columns.map(({ name, role }) => [name, role]);
      const shown = columns.map(({ role: _, ...column }) => column);
      return [
        made('table', nameTableOf(table), { title, shown }),
        made('tags of table', nameTableOf(table), { party, purposes: [...purposes].sort(), roles }),
      ];
    }),
    ...plan.datasets.flatMap((dataset) => {
      const { rules } = writeDataQuality(dataset);
      return rules.length === 0 ? [] : [made('checks', dataset.id, rules)];
    }),
    ...tables.flatMap((table) =>
      table.via !== undefined && isReadByLake({ via: { kind: table.via } })
        ? [
            made(
              'filter',
              nameTableOf(table),
              table.columns.map(({ name }) => name),
            ),
          ]
        : [],
    ),
  ];
}

const nameTableOf = ({ database, name }: CatalogueTable) => `${database}.${name}`;

function listOfLeg(plan: SidePlan, leg: PlannedLeg): readonly RoomResource[] {
  const { id, from, to, via } = leg;
  const account = plan.parties.find((party) => party.id === to)?.account;
  const title = plan.datasets.find((dataset) => dataset.id === leg.dataset)?.title;
  return [
    made('key', id, {}),
    made('expiry of releases', id, leg.retain),
    ...(goesByDataSet(leg) ? [made('data set', id, { title, from, to })] : []),
    ...(leg.quota !== undefined && isReadByLake(leg) ? [made('count of reads', id, {})] : []),
    made(WAYS[via.kind], id, { ...via, account }),
  ];
}

/** By what a leg's receiver gets its releases. */
const WAYS: Readonly<Record<Delivery['kind'], ResourceKind>> = {
  'data-grant': 'data grant',
  product: 'place in the product',
  'lake-formation': 'share',
  'query-only': 'share',
  sftp: 'inbox',
  api: 'links',
  snowflake: 'warehouse role',
  gcs: 'warehouse role',
};

function made(what: ResourceKind, id: string, says: unknown): RoomResource {
  return { what, id, says };
}
