import { type Input, type Rule, ServiceError, type StandIn, serveFromModel } from './serve-from-model';

/** moto knows Lake Formation but for its data cells filters; a filter by `<database>.<table>:<name>`. */
export type FilterState = Map<string, Input>;

const API = 'https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_';

const FILTER_RULES: Readonly<Record<string, Rule<FilterState, undefined>>> = {
  CreateDataCellsFilter: {
    source: `${API}CreateDataCellsFilter.html`,
    does: (filters, { TableData }) => {
      const data = TableData as Input;
      const name = nameOf(data);
      if (filters.has(name)) throw new ServiceError('AlreadyExistsException', 'The filter is there already.');
      filters.set(name, { ...data, VersionId: '1' });
      return {};
    },
  },
  GetDataCellsFilter: {
    source: `${API}GetDataCellsFilter.html`,
    does: (filters, input) => ({ DataCellsFilter: find(filters, input) }),
  },
  UpdateDataCellsFilter: {
    source: `${API}UpdateDataCellsFilter.html`,
    does: (filters, { TableData }) => {
      const data = TableData as Input;
      const { VersionId } = find(filters, data);
      if (data.VersionId !== undefined && data.VersionId !== VersionId)
        throw new ServiceError('ConcurrentModificationException', 'The filter is another by now.');
      filters.set(nameOf(data), { ...data, VersionId: String(Number(VersionId) + 1) });
      return {};
    },
  },
};

function find(filters: FilterState, input: Input): Input {
  const found = filters.get(nameOf(input));
  if (found === undefined) throw new ServiceError('EntityNotFoundException', 'There is no such filter.');
  return found;
}

function nameOf({ DatabaseName, TableName, Name }: Input): string {
  return `${String(DatabaseName)}.${String(TableName)}:${String(Name)}`;
}

/** Lake Formation: its filters by these rules, all else by moto. */
export function serveFilters(state: FilterState): StandIn {
  return serveFromModel({
    service: 'lakeformation',
    rules: FILTER_RULES,
    state,
    callerOf: () => undefined,
    otherwise: 'moto',
  });
}
