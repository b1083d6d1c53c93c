import {
  type ChangeSetSummaryListItem,
  DescribeChangeSetCommand,
  type MarketplaceCatalogClient,
  paginateListChangeSets,
  StartChangeSetCommand,
} from '@aws-sdk/client-marketplace-catalog';

/** A data set, and the product of AWS Data Exchange that it is to be part of. */
interface ProductDataSet {
  readonly product: string;
  readonly dataSetArn: string;
  /** By which its change sets are found again: `<agreement>/<leg>/<data set>`. */
  readonly name: string;
}

/** A change of a product is under way, or has failed. */
class ProductNotChanged extends Error {
  override readonly name = 'ProductNotChanged';
}

/** Whether the data set is part of the product, as far as this room has put it there. */
export async function isInProduct(client: MarketplaceCatalogClient, wanted: ProductDataSet): Promise<boolean> {
  return (await listChanges(client, wanted)).some(({ Status }) => Status === 'SUCCEEDED');
}

/**
 * Adds the data set to its product, unless that is under way or done already. A product is changed by one at a time, and takes
 * minutes: called again, this goes on from what there is (AWS Data Exchange user guide, "Add data sets").
 * @throws ProductNotChanged while it is not done
 */
export async function addToProduct(client: MarketplaceCatalogClient, wanted: ProductDataSet): Promise<void> {
  const { product, dataSetArn, name } = wanted;
  const changes = await listChanges(client, wanted);
  const running = changes.find(({ Status }) => Status === 'PREPARING' || Status === 'APPLYING');
  if (changes.some(({ Status }) => Status === 'SUCCEEDED')) return;
  if (running === undefined) {
    const failed = changes.find(({ Status }) => Status === 'FAILED');
    if (failed?.ChangeSetId !== undefined && (await wasThere(client, failed.ChangeSetId))) return;
    await client.send(
      new StartChangeSetCommand({
        Catalog: CATALOG,
        ChangeSetName: nameChange(name),
        ChangeSet: [
          {
            ChangeType: 'AddDataSets',
            Entity: { Type: 'DataProduct@1.0', Identifier: product },
            Details: JSON.stringify({ DataSets: [{ Arn: dataSetArn }] }),
          },
        ],
      }),
    );
  }
  throw new ProductNotChanged(`The data set of ${name} is being added to the product ${product}: look again.`);
}

const CATALOG = 'AWSMarketplace';

async function listChanges(
  client: MarketplaceCatalogClient,
  { product, name }: ProductDataSet,
): Promise<readonly ChangeSetSummaryListItem[]> {
  const found: ChangeSetSummaryListItem[] = [];
  const FilterList = [
    { Name: 'EntityId', ValueList: [product] },
    { Name: 'ChangeSetName', ValueList: [nameChange(name)] },
  ];
  for await (const { ChangeSetSummaryList = [] } of paginateListChangeSets(
    { client },
    { Catalog: CATALOG, FilterList },
  ))
    found.push(...ChangeSetSummaryList);
  return found;
}

/** Somebody else has added it. */
async function wasThere(client: MarketplaceCatalogClient, ChangeSetId: string): Promise<boolean> {
  const { ChangeSet = [] } = await client.send(new DescribeChangeSetCommand({ Catalog: CATALOG, ChangeSetId }));
  const errors = ChangeSet.flatMap(({ ErrorDetailList = [] }) => ErrorDetailList);
  return errors.some(({ ErrorCode }) => ErrorCode === 'DATA_SET_ALREADY_PUBLISHED');
}

/** What the catalogue takes for a name: neither slashes nor more than 100 characters. */
function nameChange(name: string): string {
  return name.replaceAll('/', ':').slice(-100);
}
