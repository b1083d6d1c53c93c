import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { LINK_SECONDS } from '../../domain/enforcement/doors/link-session';
import { acknowledgeWildcards } from '../shared/acknowledge-wildcards';
import { AT_ONCE } from '../shared/at-once';
import { DoorFunction, type DoorPlaces } from './door-function';

/** For who has neither SFTP nor tools of AWS: signs a link for one file. */
export class UploadSigner extends DoorFunction {
  /** @param uploads of the landing bucket: what comes in by S3, of all datasets */
  constructor(scope: Construct, id: string, places: DoorPlaces, uploads: string) {
    super(scope, id, {
      places,
      handler: 'presign-upload',
      description: 'signs links to upload one file by',
      isAsync: false,
      atOnce: AT_ONCE.operation,
      records: ['decision', 'knocks'],
      // What the signer may do is what the bearer of a link may: put an object by a link, while the link is young.
      statements: [
        new PolicyStatement({
          actions: ['s3:PutObject'],
          resources: [places.landing.arnForObjects(uploads)],
          conditions: {
            StringEquals: { 's3:authType': 'REST-QUERY-STRING' },
            NumericLessThanEquals: { 's3:signatureAge': String(LINK_SECONDS * 1000) },
          },
        }),
        new PolicyStatement({
          actions: ['kms:GenerateDataKey'],
          resources: [places.key.keyArn],
          conditions: { StringEquals: { 'kms:ViaService': `s3.${Stack.of(scope).region}.amazonaws.com` } },
        }),
      ],
    });
    acknowledgeWildcards(
      this.permissions,
      [`/${uploads}`],
      'It stands for agreement, dataset and file: agreements come and go without this role, and each link is for one file.',
    );
  }
}
