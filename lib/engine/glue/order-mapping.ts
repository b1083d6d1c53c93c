import type { PlannedDataset, PlannedLeg } from '../../domain/agreement/plan/plan';
import { type MappingTable, prepareTreatment, REPLACEMENTS } from '../sql/prepare-treatment';
import { listReleased } from '../sql/release-rows';
import { canonicalText, column, named, table } from '../sql/rendering/expressions';
import { sparkDialect } from '../sql/rendering/spark-dialect';
import type { TreatedPart } from '../sql/treated-part';
import { describeSecrets, type LegKeyArns } from './describe-secrets';
import type { JobStep, MappingOrder } from './job-orders';
import { ACCEPTED } from './order-cleaning';

const { renderQuery } = sparkDialect;

/**
 * Leaves the distinct values of columns that SQL cannot treat in `mapping/`, after the first run has counted. What is released in their place is
 * computed by the same code as in the other engine, in a function between the two runs, and read back by `orderMapped`.
 */
export function orderMappings(dataset: PlannedDataset): readonly JobStep[] {
  const mappings = listMappings(dataset);
  if (mappings.length === 0) return [];
  return [
    ...mappings.map(
      (mapping): JobStep => ({
        do: 'keep',
        name: keptName(dataset, mapping),
        sql: renderQuery(mapping.values),
      }),
    ),
    {
      do: 'write',
      folder: 'mapping',
      tables: mappings.map((mapping) => ({ name: valuesName(dataset, mapping), sql: selectMapped(dataset, mapping) })),
      manifest: { mappingVersion: 1 },
    },
  ];
}

function selectMapped(dataset: PlannedDataset, mapping: MappingTable): string {
  const counts = mapping.treatment.kind === 'microaggregate' ? ['subjects'] : [];
  return renderQuery({
    columns: [
      named('code', column('code')),
      named('text', canonicalText(column('value'))),
      ...counts.map((name) => named(name, column(name))),
    ],
    from: table(keptName(dataset, mapping)),
  });
}

/** The replacements that the second run reads: of a leg where they are keyed, else the same for all. */
export function listMappingOrders(
  agreement: string,
  dataset: PlannedDataset,
  legs: readonly PlannedLeg[],
  keys: LegKeyArns,
): readonly MappingOrder[] {
  return listMappings(dataset).flatMap((mapping): readonly MappingOrder[] => {
    const { name } = mapping.column;
    const { treatment } = mapping;
    const order = (leg?: string) => ({
      column: name,
      treatment,
      values: valuesName(dataset, mapping),
      replacements: replacementsPath(dataset, mapping, leg),
    });
    if (treatment.kind === 'microaggregate') return [order()];
    return legs.map((leg) => ({
      ...order(leg.id),
      leg: describeSecrets(agreement, dataset, leg, keys, ['format-preserving']),
    }));
  });
}

/** Makes the table of a column's values and what a leg releases in their place. */
export function orderMapped(dataset: PlannedDataset, mapping: MappingTable, leg: string): readonly JobStep[] {
  const kept = keptName(dataset, mapping);
  const everything = {
    columns: mapping.values.columns.map(({ name }) => named(name, column(name))),
    from: table(kept),
  };
  return [
    { do: 'load', name: kept },
    { do: 'view', name: mapping.listed, sql: renderQuery(everything) },
    { do: 'read', name: REPLACEMENTS, path: replacementsPath(dataset, mapping, leg), schema: 'code INT, text STRING' },
    { do: 'cache', name: mapping.name, sql: renderQuery(mapping.query) },
  ];
}

function listMappings(dataset: PlannedDataset): readonly MappingTable[] {
  const columns = listReleased(dataset);
  const part: TreatedPart = { dataset, rows: ACCEPTED, columns, classes: 'nothing', tokensInPlace: true };
  return prepareTreatment(part).filter((helper) => helper.kind === 'mapping');
}

function placeOf({ columns }: PlannedDataset, mapping: MappingTable): number {
  return columns.findIndex(({ name }) => name === mapping.column.name);
}

const keptName = (dataset: PlannedDataset, mapping: MappingTable) => `listed_${placeOf(dataset, mapping)}`;
const valuesName = (dataset: PlannedDataset, mapping: MappingTable) => `values_${placeOf(dataset, mapping)}`;

function replacementsPath(dataset: PlannedDataset, mapping: MappingTable, leg: string | undefined): string {
  const whose = mapping.treatment.kind === 'microaggregate' || leg === undefined ? 'all' : leg;
  return `replacements/${whose}/${placeOf(dataset, mapping)}`;
}
