import {
  CreateDataGrantCommand,
  type DataExchangeClient,
  type DataGrantSummaryEntry,
  DeleteDataGrantCommand,
  paginateListDataGrants,
  paginateListReceivedDataGrants,
  ResourceNotFoundException,
} from '@aws-sdk/client-dataexchange';

/** A data grant as the room wants it, or has it. */
interface DataGrant {
  readonly dataSet: string;
  /** 12 digits. */
  readonly receiver: string;
}

export interface GivenGrant extends DataGrant {
  readonly id: string;
  readonly isAccepted: boolean;
  /** The data set that it makes in the receiver's account. */
  readonly entitled: string;
}

/** Every grant that this account has given, whichever data set it is of. */
export async function listGrants(client: DataExchangeClient): Promise<GivenGrant[]> {
  const grants: GivenGrant[] = [];
  for await (const { DataGrantSummaries = [] } of paginateListDataGrants({ client, pageSize: 200 }, {}))
    grants.push(...DataGrantSummaries.map(readGrant));
  return grants;
}

/** A grant that this account was given, whoever gave it. */
export interface TakenGrant {
  /** Its ARN. */
  readonly grant: string;
  readonly name: string;
  /** 12 digits. */
  readonly sender: string;
  readonly isAccepted: boolean;
  /** The data set that it makes in this account, once it is accepted. */
  readonly dataSet: string;
}

/** Every grant that this account was given and that was not taken back, accepted or not. */
export async function listTakenGrants(client: DataExchangeClient): Promise<TakenGrant[]> {
  const grants: TakenGrant[] = [];
  for await (const { DataGrantSummaries = [] } of paginateListReceivedDataGrants({ client, pageSize: 200 }, {}))
    for (const { Arn = '', Name = '', SenderPrincipal = '', AcceptanceState, DataSetId = '' } of DataGrantSummaries) {
      const isAccepted = AcceptanceState === 'ACCEPTED';
      grants.push({ grant: Arn, name: Name, sender: SenderPrincipal, isAccepted, dataSet: DataSetId });
    }
  return grants;
}

/**
 * @param name of the grant, for the receiver's eyes, e.g. `telco-retail-2026/telco-retail-usage`
 * @returns it as it was given
 */
export async function giveGrant(
  client: DataExchangeClient,
  { dataSet, receiver }: DataGrant,
  name: string,
): Promise<GivenGrant> {
  const { Id = '', DataSetId = '' } = await client.send(
    new CreateDataGrantCommand({
      Name: name,
      GrantDistributionScope: 'NONE',
      ReceiverPrincipal: receiver,
      SourceDataSetId: dataSet,
    }),
  );
  return { id: Id, dataSet, receiver, entitled: DataSetId, isAccepted: false };
}

/** Takes a grant back, accepted or not; one that is gone is taken back. */
export async function withdrawGrant(client: DataExchangeClient, id: string): Promise<void> {
  try {
    await client.send(new DeleteDataGrantCommand({ DataGrantId: id }));
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
}

function readGrant({
  Id,
  DataSetId,
  SourceDataSetId,
  ReceiverPrincipal,
  AcceptanceState,
}: DataGrantSummaryEntry): GivenGrant {
  return {
    id: Id ?? '',
    dataSet: SourceDataSetId ?? '',
    receiver: ReceiverPrincipal ?? '',
    entitled: DataSetId ?? '',
    isAccepted: AcceptanceState === 'ACCEPTED',
  };
}
