import type { Construct } from 'constructs';
import { ROUND_COLUMN } from '../../domain/room/catalogue';
import { allowListing } from '../shared/allow-listing';
import { AT_ONCE } from '../shared/at-once';
import { DoorFunction, type DoorPlaces } from './door-function';
import { LinkRole } from './link-role';

/** For who receives by the API: signs a link for each file of a release, counted against the quota. */
export class DownloadSigner extends DoorFunction {
  constructor(scope: Construct, id: string, places: DoorPlaces) {
    const { lake, key } = places;
    super(scope, id, {
      places,
      handler: 'presign-download',
      description: 'signs links to read releases by',
      isAsync: false,
      atOnce: AT_ONCE.operation,
      records: ['decision', 'knocks', 'budget'],
      statements: [allowListing(lake, RELEASES)],
    });
    new LinkRole(this, 'LinkRole', { signer: this, bucket: lake, objects: RELEASES, key, action: 's3:GetObject' });
  }
}

/** Of the lake bucket: releases that were published, of all legs. */
const RELEASES = `*/*/${ROUND_COLUMN}=*`;
