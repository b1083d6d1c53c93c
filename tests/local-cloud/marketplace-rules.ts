import { type Input, type Rule, ServiceError } from './serve-from-model';

/* The part of the AWS Marketplace catalogue that adds data sets to products of Data Exchange; moto has none of it. */

export interface MarketState {
  /** Data sets by product: ARNs. */
  readonly products: Map<string, Set<string>>;
  readonly changes: ChangeSet[];
}

interface ChangeSet {
  readonly ChangeSetId: string;
  readonly ChangeSetName?: string;
  readonly product: string;
  readonly arns: readonly string[];
  Status: 'PREPARING' | 'APPLYING' | 'SUCCEEDED' | 'CANCELLED' | 'FAILED';
  errors: readonly { readonly ErrorCode: string; readonly ErrorMessage: string }[];
}

const API = 'https://docs.aws.amazon.com/marketplace-catalog/latest/api-reference/API_';
const GUIDE = 'https://docs.aws.amazon.com/data-exchange/latest/userguide/add-data-sets.html';

export const MARKET_RULES: Readonly<Record<string, Rule<MarketState, undefined>>> = {
  StartChangeSet: {
    source: `${API}StartChangeSet.html and ${GUIDE}`,
    does: ({ products, changes }, { ChangeSet, ChangeSetName }) => {
      const [change, ...more] = ChangeSet as readonly Input[];
      const { Type, Identifier } = (change?.Entity ?? {}) as { readonly Type?: string; readonly Identifier?: string };
      if (more.length > 0 || change?.ChangeType !== 'AddDataSets' || Type !== 'DataProduct@1.0')
        throw new ServiceError('ValidationException', 'The stand-in adds data sets to one product at a time.');
      const product = String(Identifier).split('@')[0]!;
      if (!products.has(product)) throw new ServiceError('ResourceNotFoundException', 'There is no such product.');
      // "When a ChangeSet is running, all the entities targeted by the different changes are locked."
      if (changes.some((each) => each.product === product && isRunning(each)))
        throw new ServiceError('ResourceInUseException', 'A change set of the product is running.');
      const { DataSets } = JSON.parse(String(change.Details)) as {
        readonly DataSets: readonly { readonly Arn: string }[];
      };
      const ChangeSetId = `cs-${changes.length + 1}`;
      changes.push({
        ChangeSetId,
        ...(ChangeSetName === undefined ? {} : { ChangeSetName: String(ChangeSetName) }),
        product,
        arns: DataSets.map(({ Arn }) => Arn),
        Status: 'PREPARING',
        errors: [],
      });
      return { ChangeSetId };
    },
  },
  DescribeChangeSet: {
    source: `${API}DescribeChangeSet.html`,
    does: (state, { ChangeSetId }) => {
      const found = state.changes.find((each) => each.ChangeSetId === ChangeSetId);
      if (found === undefined) throw new ServiceError('ResourceNotFoundException', 'There is no such change set.');
      const { product, Status, errors } = found;
      const Entity = { Type: 'DataProduct@1.0', Identifier: product };
      return { ChangeSetId, Status, ChangeSet: [{ ChangeType: 'AddDataSets', Entity, ErrorDetailList: errors }] };
    },
  },
  // Each look brings running changes one state on.
  ListChangeSets: {
    source: `${API}ListChangeSets.html`,
    does: (state, { FilterList = [] }) => {
      for (const change of state.changes) advance(state, change);
      const wanted = new Map(
        (FilterList as readonly { readonly Name: string; readonly ValueList: readonly string[] }[]).map(
          ({ Name, ValueList }) => [Name, ValueList] as const,
        ),
      );
      const found = state.changes.filter(
        ({ product, ChangeSetName = '' }) =>
          (wanted.get('EntityId')?.includes(product) ?? true) &&
          (wanted.get('ChangeSetName')?.includes(ChangeSetName) ?? true),
      );
      return {
        ChangeSetSummaryList: found.toReversed().map(({ ChangeSetId, ChangeSetName, Status, product }) => ({
          ChangeSetId,
          ChangeSetName,
          Status,
          EntityIdList: [product],
        })),
      };
    },
  },
};

function isRunning({ Status }: ChangeSet): boolean {
  return Status === 'PREPARING' || Status === 'APPLYING';
}

function advance({ products }: MarketState, change: ChangeSet): void {
  if (change.Status === 'PREPARING') change.Status = 'APPLYING';
  else if (change.Status === 'APPLYING') {
    const held = products.get(change.product)!;
    // User guide, "AddDataSets exceptions".
    if (change.arns.some((arn) => held.has(arn))) {
      change.Status = 'FAILED';
      change.errors = [{ ErrorCode: 'DATA_SET_ALREADY_PUBLISHED', ErrorMessage: 'The data set is in the product.' }];
      return;
    }
    for (const arn of change.arns) held.add(arn);
    change.Status = 'SUCCEEDED';
  }
}
