import type { Construct } from 'constructs';
import { AT_ONCE } from '../shared/at-once';
import { DoorFunction, type DoorPlaces } from './door-function';
import { LinkRole } from './link-role';

/** For who has neither SFTP nor tools of AWS: signs a link for one file. */
export class UploadSigner extends DoorFunction {
  /** @param uploads of the landing bucket: what comes in by S3, of all datasets */
  constructor(scope: Construct, id: string, places: DoorPlaces, uploads: string) {
    const { landing: bucket, key } = places;
    super(scope, id, {
      places,
      handler: 'presign-upload',
      description: 'signs links to upload one file by',
      isAsync: false,
      atOnce: AT_ONCE.operation,
      records: ['decision', 'knocks'],
      statements: [],
    });
    new LinkRole(this, 'LinkRole', { signer: this, bucket, objects: uploads, key, action: 's3:PutObject' });
  }
}
