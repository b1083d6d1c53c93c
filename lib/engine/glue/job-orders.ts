import type { MappedTreatment } from '../sql/prepare-treatment';

/**
 * What the Glue job is to do, as plain data: the script only carries it out. It holds SQL and names, never key material and
 * never a value of a row. Paths are relative to the folder of the run's work, unless said otherwise.
 */
export interface JobOrders {
  readonly ordersVersion: 1;
  readonly agreement: string;
  readonly dataset: string;
  readonly delivery: DeliveryOrder;
  /** Digests of the subjects whose rows are left out. */
  readonly erased: readonly string[];
  readonly tasks: Readonly<Record<JobTask, readonly JobStep[]>>;
  /** What is computed between the two, outside of Spark. */
  readonly mappings: readonly MappingOrder[];
}

/** A column whose values are replaced one by one: what `replace-values` is to do, as the script knows nothing of it. */
export interface MappingOrder {
  readonly column: string;
  readonly treatment: MappedTreatment;
  /** The table of the folder `mapping/` with its distinct values: `code`, `text`, and where neighbours are merged `rows` and `subjects`. */
  readonly values: string;
  /** Where the replacements go, as JSON lines of `code` and `text`; relative to the run's work. */
  readonly replacements: string;
  /** Of what is keyed. */
  readonly leg?: LegSecrets;
}

type JobTask = 'clean-and-count' | 'treat-and-measure';

/** How the delivered file becomes the view `delivered`: `position` and the given columns, and in text formats `bad`. */
export type DeliveryOrder =
  | {
      readonly kind: 'csv';
      readonly delimiter: string;
      /** Bytes before the header. */
      readonly skip: number;
      /** Fields of a record. */
      readonly width: number;
      /** Per column of the dataset the place of its field. */
      readonly fields: readonly number[];
    }
  | {
      readonly kind: 'json-lines';
      readonly skip: number;
      readonly columns: readonly { readonly name: string; readonly isWhole: boolean }[];
    }
  /** `columns`: what is selected of the file. */
  | { readonly kind: 'parquet'; readonly columns: readonly string[] };

export type JobStep =
  /** Names a query. */
  | { readonly do: 'view'; readonly name: string; readonly sql: string }
  /**
   * Computes a query once, for this run of the job, before anything else is: then Spark knows how large it is when it is
   * joined, and does not compute it twice for two that ask at a time; where it has no rows, what asks for it is not computed at
   * all. `by`: rows with one value of this column stay together,
   * for all that group by it. `whole`: few enough to be moved to one place, once they are summed up, and counted on there without moving them for each question.
   * `everywhere`: small enough that all who treat rows have it at hand.
   */
  | {
      readonly do: 'cache';
      readonly name: string;
      readonly sql: string;
      readonly by?: string;
      readonly whole?: true;
      readonly everywhere?: true;
    }
  /** Computes a query once, for both runs: `tables/<name>/`. */
  | { readonly do: 'keep'; readonly name: string; readonly sql: string }
  /** Takes what the first run kept. */
  | { readonly do: 'load'; readonly name: string }
  /** Takes a table of JSON lines. `schema`: in Spark's words. */
  | { readonly do: 'read'; readonly name: string; readonly path: string; readonly schema: string }
  /**
   * Leaves tables for the Lambda functions, all of a folder at once: `<folder>/tables/table=<name>/`. Its manifest comes last,
   * and says how many rows each has and which files they are about.
   */
  | {
      readonly do: 'write';
      readonly folder: string;
      readonly tables: readonly OrderedTable[];
      readonly manifest: Readonly<Record<string, unknown>>;
      readonly about?: 'delivery' | 'release';
    }
  /** Writes rows for their giver as CSV, to `_quarantine/` of the landing bucket; nothing where there are none. */
  | { readonly do: 'quarantine'; readonly sql: string; readonly header: readonly string[] }
  /** Lends the leg's keys to the steps that follow, as the one-row view `keys`. */
  | { readonly do: 'keys'; readonly leg: LegSecrets }
  /** Names an earlier release, by the columns that it is followed by; where it is no longer there, nothing of it. After `release`. */
  | {
      readonly do: 'earlier';
      readonly name: string;
      readonly prefix: string;
      readonly columns: readonly RenamedColumn[];
    }
  /** Writes the release to `<prefix>` of the lake bucket, by way of `<folder>/staged/`, and names what was written `written`. */
  | {
      readonly do: 'release';
      readonly folder: string;
      readonly prefix: string;
      readonly sql: string;
      /** Released columns in their order. */
      readonly columns: readonly RenamedColumn[];
      /** The query's column whose equal values stand side by side, which makes them cheap to write and to count. */
      readonly together?: string;
    };

/** Columns of one folder's tables that have the same name have the same type. */
export interface OrderedTable {
  readonly name: string;
  readonly sql: string;
}

/** Tables of one folder, and the steps that they need before they are written. */
export interface OrderedTables {
  readonly steps: readonly JobStep[];
  readonly tables: readonly OrderedTable[];
}

/** By the names that a query and a released file have for it. */
export interface RenamedColumn {
  readonly from: string;
  readonly to: string;
}

/** Where a leg's secrets come from, or those that erased subjects are known by. Knowing all of this is of no use to whom the key's policy does not name. */
export interface LegSecrets {
  readonly leg: string;
  /** ARN of the key. */
  readonly key: string;
  /** Per use the message whose MAC under the key is the secret. */
  readonly messages: Readonly<Record<string, string>>;
}
