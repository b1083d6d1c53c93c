import type { Construct } from 'constructs';
import { QUARANTINE } from '../../domain/room/landing-prefix';
import { TAKEN, WORK } from '../../domain/room/workflow-run';
import type { RegistryTable } from '../enforcement/registry-table';
import { allow } from '../shared/allow';
import { RawFunction, type RawPlaces } from './raw-function';

/** Takes deliveries in, or says why not: the first step of a run. */
export class DeliveryIntake extends RawFunction {
  constructor(
    scope: Construct,
    id: string,
    { registry, landing, key, noticeKey }: RawPlaces & { readonly registry: RegistryTable },
  ) {
    super(scope, id, {
      handler: 'check-intake',
      description: 'takes deliveries in, or says why not',
      noticeKey,
      environment: { REGISTRY_TABLE: registry.tableName, LANDING_BUCKET: landing.bucketName },
      statements: [
        ...registry.allow('dynamodb:GetItem', 'dynamodb:Query'),
        ...[...DELIVERED, CLAIMED].map((read) => allow(['s3:GetObject'], landing.arnForObjects(read))),
        ...LEFT.map((left) => allow(['s3:PutObject'], landing.arnForObjects(left))),
        allow(['kms:GenerateDataKey'], key.keyArn),
      ],
      memory: 512,
      objects: [...DELIVERED, ...LEFT],
    });
  }
}

/** Deliveries, by the two ways in which they come. */
const DELIVERED = ['*/sftp/*', '*/upload/*'];
const CLAIMED = `${WORK}*/${TAKEN}*`;
/** What is left of them. */
const LEFT = [`${WORK}*/plan.json`, `${WORK}*/orders.json`, CLAIMED, `${QUARANTINE}*.json`];
