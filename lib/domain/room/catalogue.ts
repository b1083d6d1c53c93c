import type { ColumnRole, ColumnType, PlannedColumn, PlannedDataset, PlannedLeg } from '../agreement/plan/plan';
import type { SidePlan } from '../agreement/plan/plan-for-side';
import { releasePrefix } from './release-prefix';
import { nameDatabase } from './room-names';

/*
 * What the room's data catalogue says of an agreement: one table for the cleaned rows of each dataset, one for the
 * releases of each leg. The names are those that SQL sees.
 */

export interface CatalogueTable {
  /** `raw`: cleaned and not yet treated, for the room's own jobs alone. */
  readonly kind: 'raw' | 'released';
  readonly database: string;
  readonly name: string;
  readonly title: string;
  /** In the landing bucket for `raw`, in the lake bucket for `released`; under it one folder `round=<round>/` per round. */
  readonly prefix: string;
  readonly columns: readonly CatalogueColumn[];
  /** Whose it is: the owner of raw rows, the receiver of a release. */
  readonly party: string;
  /** What a release may be used for. Empty for `raw`. */
  readonly purposes: readonly string[];
  /** Of a release: how it reaches its receiver. */
  readonly via?: PlannedLeg['via']['kind'];
}

interface CatalogueColumn {
  readonly name: string;
  /** As Hive writes it, e.g. `decimal(18,4)`. */
  readonly type: string;
  readonly title: string;
  readonly role: ColumnRole;
}

/** Both kinds of table are partitioned by it; it names a round as a folder does. */
export const ROUND_COLUMN = 'round';

/**
 * As many as a filter can name: its expression has 2,048 characters at most, as the service model says of `PredicateString`
 * (botocore, `lakeformation`), and a round takes fourteen of them.
 */
export const MOST_SHOWN_ROUNDS = 140;

/** The rows that a filter lets through, as SQL: those of these rounds, none where there are none. */
export function showRounds(days: readonly string[]): string {
  for (const day of days) if (!DAY.test(day)) throw new Error('A round is named by its day.');
  return days.length === 0
    ? `${ROUND_COLUMN} = ''`
    : `${ROUND_COLUMN} in (${days.map((day) => `'${day}'`).join(', ')})`;
}

/** The rounds that `showRounds` wrote down; of any other text, whatever days it quotes. */
export function readRounds(expression: string): readonly string[] {
  return [...expression.matchAll(/'(\d{4}-\d{2}-\d{2})'/g)].map(([, day]) => day!);
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Where a dataset's cleaned rows lie in the landing bucket, in Parquet. No agreement's id begins with an underscore. */
function cleanedPrefix(agreement: string, dataset: string): string {
  return `_cleaned/${agreement}/${dataset}/`;
}

/**
 * The Glue database of what an agreement's parties handed in, apart from that of releases so that no grant covers both.
 * Two underscores: with one, that of `swap` would be the releases of an agreement `swap-raw`.
 */
export function nameRawDatabase(agreement: string): string {
  return `${nameDatabase(agreement)}__raw`;
}

/** A column as SQL names it, which knows no capitals. */
export function nameColumn(name: string): string {
  return name.toLowerCase();
}

/** A dataset or a leg as SQL names it, which knows no hyphens. */
export function nameTable(id: string): string {
  return id.replaceAll('-', '_');
}

/** The tables of this side. That SQL can tell them and their columns apart is for `checkCatalogue` to say. */
export function listTables({ agreement, datasets, legs }: SidePlan): readonly CatalogueTable[] {
  const raw = datasets.map((dataset) => ({
    kind: 'raw' as const,
    database: nameRawDatabase(agreement.id),
    name: nameTable(dataset.id),
    title: dataset.title,
    prefix: cleanedPrefix(agreement.id, dataset.id),
    columns: listColumns(dataset, ({ type }) => type),
    party: dataset.owner,
    purposes: [],
  }));
  const released = legs.flatMap((leg) => {
    const dataset = datasets.find(({ id }) => id === leg.dataset);
    if (dataset === undefined) return [];
    return {
      kind: 'released' as const,
      database: nameDatabase(agreement.id),
      name: nameTable(leg.id),
      title: `${dataset.title}, from ${leg.from} to ${leg.to}`,
      prefix: releasePrefix(agreement.id, leg),
      columns: listColumns(dataset, ({ releasedAs }) => releasedAs),
      party: leg.to,
      purposes: leg.purposes,
      via: leg.via.kind,
    };
  });
  return [...raw, ...released];
}

function listColumns(
  { columns }: PlannedDataset,
  typeOf: (column: PlannedColumn) => ColumnType | undefined,
): readonly CatalogueColumn[] {
  return columns.flatMap((column) => {
    const type = typeOf(column);
    const { name, title, role } = column;
    return type === undefined ? [] : [{ name: nameColumn(name), type: nameType(type), title, role }];
  });
}

function nameType(type: ColumnType): string {
  switch (type.kind) {
    case 'integer':
      return 'bigint';
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'string':
    case 'double':
    case 'boolean':
    case 'date':
    case 'timestamp':
      return type.kind;
  }
}
