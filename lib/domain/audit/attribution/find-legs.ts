import type { AgreementInForce, LegPlace } from '../../agreement/agreement-in-force';
import { goesByDataSet } from '../../agreement/plan/goes-by-data-set';
import type { Access, Resource } from '../access';
import type { LegJoin } from './attribution';

export interface FoundLegs {
  readonly places: readonly LegPlace[];
  readonly join: LegJoin;
  /** It was listed from above them. */
  readonly isAbove?: true;
}

/**
 * The places of an agreement at which an access was.
 * @param queried the table that a query engine asked Lake Formation for, by query
 */
export function findLegs(
  { places, plan }: AgreementInForce,
  access: Access,
  queried: ReadonlyMap<string, Resource>,
): FoundLegs | undefined {
  const decrypted = found(matchPlaces(places, parseObjectArn(access.joins.object)), 'decrypted-object');
  if (decrypted !== undefined) return decrypted;
  const { resource, joins } = access;
  switch (resource.kind) {
    case 'object': {
      // What is listed from above a place shows it too.
      const { bucket, key = '' } = resource;
      const isBelow = ({ at }: LegPlace) =>
        at.kind === 'objects' && at.bucket === bucket && at.prefix !== key && at.prefix.startsWith(key);
      const shown = access.act === 'list' ? places.filter(isBelow) : [];
      if (shown.length > 0) return { places: shown, join: 'object', isAbove: true };
      return (
        found(matchPlaces(places, resource), 'object') ??
        (access.service === 's3' && access.act === 'change' ? found(listExported(plan, access), 'received') : undefined)
      );
    }
    case 'table':
      return found(matchPlaces(places, resource), 'table');
    case 'data-set':
      return (
        found(matchPlaces(places, resource), 'data-set') ??
        found(listProducts(plan, access, resource), 'product') ??
        (access.act === 'publish' ? found(listExported(plan, access), 'received') : undefined)
      );
    case 'key':
      return found(matchPlaces(places, resource), 'key');
    case 'sftp':
      return found(matchPlaces(places, parseSftpPath(resource.path)), 'object');
    case 'other':
    case 'none': {
      const location = parseObjectArn(resource.kind === 'other' ? resource.id : undefined);
      if (location !== undefined) return found(matchPlaces(places, location), 'object');
      return found(matchPlaces(places, queried.get(joins.query ?? '')), 'query');
    }
  }
}

/**
 * What a subscription to a product makes in the subscriber's account has an id that nobody tells the room. Its account forwards
 * exports of data sets of this barter alone: one that is of no leg known by its id is of one that goes by a product.
 */
function listProducts({ legs }: AgreementInForce['plan'], { act }: Access, { id }: DataSet): readonly LegPlace[] {
  const products = act === 'export' ? legs.filter(({ via }) => via.kind === 'product') : [];
  return products.map((leg) => ({ leg: leg.id, holds: 'release', at: { kind: 'data-set', id } }));
}

/**
 * The bucket to which a party's releases are exported has a name that CloudFormation gave it, which nobody tells the room. Its
 * account forwards changes of no other bucket, and imports from no other: they are about all that this party has exported.
 */
function listExported({ legs, parties }: AgreementInForce['plan'], { actor, recordedBy }: Access): readonly LegPlace[] {
  if (actor.kind !== 'account' || actor.account !== recordedBy) return [];
  const own = new Set(parties.filter(({ account }) => account === recordedBy).map(({ id }) => id));
  return legs
    .filter((leg) => own.has(leg.to) && goesByDataSet(leg))
    .map(({ id }) => ({ leg: id, holds: 'release', at: { kind: 'objects', bucket: '', prefix: '' } }));
}

type DataSet = Extract<Resource, { readonly kind: 'data-set' }>;

function found(places: readonly LegPlace[], join: LegJoin): FoundLegs | undefined {
  return places.length === 0 ? undefined : { places, join };
}

/** Of nested prefixes the longest counts; what names no key concerns every place in its bucket. */
function matchPlaces(places: readonly LegPlace[], resource: Resource | undefined): readonly LegPlace[] {
  if (resource === undefined) return [];
  const isWhole = resource.kind === 'object' && resource.key === undefined;
  // One pass, and no list but of what matches: this runs for every access and version.
  let matching: LegPlace[] = [];
  let depth = 0;
  for (const place of places) {
    if (!isAt(place.at, resource)) continue;
    const own = isWhole ? 0 : measureDepth(place);
    if (own > depth) matching = [];
    if (own >= depth) matching.push(place);
    depth = Math.max(depth, own);
  }
  return matching;
}

function isAt(at: LegPlace['at'], resource: Resource): boolean {
  switch (at.kind) {
    case 'objects': {
      if (resource.kind !== 'object' || resource.bucket !== at.bucket) return false;
      return resource.key === undefined || resource.key.startsWith(at.prefix);
    }
    case 'data-set':
      return resource.kind === 'data-set' && resource.id === at.id;
    case 'table':
      return resource.kind === 'table' && (resource.arn === at.arn || isInDatabase(at.arn, resource.arn));
    case 'link':
      return (
        resource.kind === 'table' &&
        (resource.arn.endsWith(`:${at.path}`) || isInDatabase(`:${at.path}`, afterRegion(resource.arn)))
      );
    case 'key':
      return resource.kind === 'key' && resource.arn === at.arn;
  }
}

/** Whether all tables of a database are named: `…/*`. */
function isInDatabase(table: string, all: string): boolean {
  return all.endsWith('/*') && table.startsWith(all.slice(0, -1));
}

/** `:ACCOUNT:table/…` of an ARN. */
function afterRegion(arn: string): string {
  return `:${arn.split(':').slice(4).join(':')}`;
}

function measureDepth({ at }: LegPlace): number {
  return at.kind === 'objects' ? at.prefix.length : 0;
}

/** `arn:aws:s3:::bucket/key`; with S3 bucket keys KMS sees the bucket alone. */
function parseObjectArn(arn: string | undefined): Resource | undefined {
  const [, bucket, key] = /^arn:[\w-]+:s3:::([^/]+)(?:\/(.+))?$/s.exec(arn ?? '') ?? [];
  if (bucket === undefined) return undefined;
  return key === undefined ? { kind: 'object', bucket } : { kind: 'object', bucket, key };
}

/** Transfer writes paths as `/bucket/key`. */
function parseSftpPath(path: string | undefined): Resource | undefined {
  const [, bucket, key] = /^\/([^/]+)\/(.+)$/s.exec(path ?? '') ?? [];
  return bucket === undefined || key === undefined ? undefined : { kind: 'object', bucket, key };
}
