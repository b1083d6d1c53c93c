import type { Handover } from '../../domain/exchange/handover/plan-handover';
import { FORWARDED_CALLS, RECORDED_CALL } from '../../domain/room/forwarded-calls';

/*
 * Patterns of the calls by which a party opens to others what it received. What CloudTrail says of them is forwarded where they
 * name what belongs to the barter, and of no other call.
 */

const CALL = { 'detail-type': [RECORDED_CALL] };

/**
 * Grants on the link or on the tables it leads to, by Lake Formation or as a share, by rule: a pattern takes 2,048 characters.
 * @param owner account of the room
 */
export function listSharing({ link, database }: Handover['room'], owner: string): Readonly<Record<string, object>> {
  // The party may have a room of its own, with tables of this name.
  const within = (field: string, catalog: string) => [
    { [field]: [link] },
    ...(database === link ? [] : [{ [field]: [database], [catalog]: [owner] }]),
  ];
  const resources = [
    ...within('name', 'catalogId').map((whole) => ({ database: whole })),
    ...within('databaseName', 'catalogId').flatMap((table) => [{ table }, { tableWithColumns: table }]),
    ...within('databaseName', 'tableCatalogId').map((dataCellsFilter) => ({ dataCellsFilter })),
  ];
  const calls = (which: 'granted' | 'grantedAtOnce' | 'shared', requestParameters: object) => {
    const { source, names } = FORWARDED_CALLS[which];
    return { source: [source], ...CALL, detail: { eventName: names, requestParameters } };
  };
  return {
    Granted: calls('granted', { resource: { $or: resources } }),
    GrantedAtOnce: calls('grantedAtOnce', { entries: { resource: { $or: resources } } }),
    Shared: calls('shared', {
      resourceArns: [{ wildcard: `*:database/${link}` }, { wildcard: `*:table/${link}/*` }],
    }),
  };
}

/** Changes of who may read the bucket to which releases are exported, or of where they are copied to, and imports from it. */
export function listOpening(bucket: readonly string[]): object {
  const { opened, imported } = FORWARDED_CALLS;
  return {
    source: [opened.source, imported.source],
    ...CALL,
    $or: [
      {
        detail: {
          eventName: opened.names,
          requestParameters: { bucketName: bucket },
        },
      },
      ...[
        { ImportAssetsFromS3: { AssetSources: { Bucket: bucket } } },
        { CreateS3DataAccessFromS3Bucket: { AssetSource: { Bucket: bucket } } },
      ].map((Details) => ({ detail: { eventName: imported.names, requestParameters: { Details } } })),
    ],
  };
}
