import { Stack } from 'aws-cdk-lib';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { CfnDataCellsFilter, CfnTag, CfnTagAssociation } from 'aws-cdk-lib/aws-lakeformation';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { SidePlan } from '../../domain/agreement/plan/plan-for-side';
import { isReadByLake } from '../../domain/agreement/plan/read-by-lake';
import { type CatalogueTable, listTables, showRounds } from '../../domain/room/catalogue';
import { type LakeTag, listAgreementTags, SENSITIVITY, tagsOfTable } from '../../domain/room/lake-tags';
import { makeOneByOne } from '../shared/make-one-by-one';
import { ParquetTable } from './parquet-table';

interface AgreementCatalogueProps {
  readonly plan: SidePlan;
  readonly landing: IBucket;
  readonly lake: IBucket;
}

/**
 * What the data catalogue says of one agreement, for a stack that is deployed after the room's catalogue. Nobody is
 * granted anything by it: the tags and filters are what grants are made of.
 */
export class AgreementCatalogue extends Construct {
  private readonly account: string;

  constructor(scope: Construct, id: string, { plan, landing, lake }: AgreementCatalogueProps) {
    super(scope, id);
    this.account = Stack.of(this).account;
    const agreement = plan.agreement.id;
    const tables = listTables(plan);
    const tags = this.createTags(agreement, tables);
    const databases = [...new Set(tables.map(({ database }) => database))];
    const described = databases.map((name) => this.describeDatabase(name, plan, tables));
    const uses = tables.flatMap((table) => {
      const path = `${table.database}.${table.name}`;
      const made = new ParquetTable(this, path, table, table.kind === 'raw' ? landing : lake);
      for (const { database } of described) made.addResourceDependency(database);
      const at = { catalogId: this.account, databaseName: table.database, name: table.name };
      const dependants = [
        this.tag(`${path}:tags`, tagsOfTable(agreement, table), { table: at }),
        ...(table.kind === 'released' ? this.tagColumns(path, table, at) : []),
        ...(table.via !== undefined && isReadByLake({ via: { kind: table.via } }) ? [this.filter(path, table)] : []),
      ];
      for (const dependant of dependants) for (const each of [made, ...tags]) dependant.addResourceDependency(each);
      return dependants;
    });
    makeOneByOne([...described.map(({ tagged }) => tagged), ...uses]);
  }

  private createTags(agreement: string, tables: readonly CatalogueTable[]): readonly CfnTag[] {
    return listAgreementTags(agreement, tables).map(
      ({ key, values }) => new CfnTag(this, key, { tagKey: key, tagValues: [...values] }),
    );
  }

  private describeDatabase(name: string, { agreement }: SidePlan, tables: readonly CatalogueTable[]) {
    const database = new CfnDatabase(this, name, {
      catalogId: this.account,
      databaseInput: { name, description: agreement.title.slice(0, MAX_DESCRIPTION) },
    });
    const kinds = new Set(tables.flatMap((table) => (table.database === name ? [table.kind] : [])));
    const tagged = this.tag(`${name}:tags`, [{ key: SENSITIVITY, values: [...kinds] }], {
      database: { catalogId: this.account, name },
    });
    tagged.addResourceDependency(database);
    return { database, tagged };
  }

  private tagColumns(
    path: string,
    { columns }: CatalogueTable,
    at: { readonly databaseName: string; readonly name: string },
  ) {
    const roles = [...new Set(columns.map(({ role }) => role))];
    return roles.map((role) => {
      const columnNames = columns.flatMap((column) => (column.role === role ? [column.name] : []));
      const tableWithColumns = { ...at, catalogId: this.account, columnNames };
      return this.tag(`${path}:${role}`, [{ key: SENSITIVITY, values: [role] }], { tableWithColumns });
    });
  }

  private tag(id: string, tags: readonly LakeTag[], resource: CfnTagAssociation.ResourceProperty) {
    const lfTags = tags.map(({ key, values }) => ({ catalogId: this.account, tagKey: key, tagValues: [...values] }));
    return new CfnTagAssociation(this, id, { lfTags, resource });
  }

  /** What a receiver that queries in place is granted instead of the table: no row of it, until a round is complete. */
  private filter(path: string, { database, name, columns }: CatalogueTable) {
    return new CfnDataCellsFilter(this, `${path}:filter`, {
      tableCatalogId: this.account,
      databaseName: database,
      tableName: name,
      name,
      columnNames: columns.map((column) => column.name),
      rowFilter: { filterExpression: showRounds([]) },
    });
  }
}

const MAX_DESCRIPTION = 600;
