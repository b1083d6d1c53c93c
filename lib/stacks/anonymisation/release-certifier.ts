import { Duration } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { TOKEN_TABLE } from '../../domain/exchange/erasure/token-table';
import { CERTIFICATE } from '../../domain/privacy/certificate/hash-files';
import { ESCROW } from '../../domain/room/escrow-prefix';
import { WORK } from '../../domain/room/workflow-run';
import type { RegistryTable } from '../enforcement/registry-table';
import { allow } from '../shared/allow';
import { allowEncrypting } from '../shared/allow-encrypting';
import { allowReadingWork, RawFunction, type RawPlaces } from './raw-function';
import { CERTIFY_SECONDS } from './workflow-definition';

interface ReleaseCertifierProps extends RawPlaces {
  readonly registry: RegistryTable;
  /** Where releases wait for their round, each beside its certificate. */
  readonly lake: IBucket;
}

/** Certifies releases by what was measured of them. It writes certificates and whose tokens are in them, and no release. */
export class ReleaseCertifier extends RawFunction {
  constructor(scope: Construct, id: string, { registry, landing, lake, key, noticeKey }: ReleaseCertifierProps) {
    super(scope, id, {
      handler: 'certify-release',
      description: 'certifies releases by what was measured of them',
      noticeKey,
      environment: {
        REGISTRY_TABLE: registry.tableName,
        LANDING_BUCKET: landing.bucketName,
        LAKE_BUCKET: lake.bucketName,
      },
      timeout: Duration.seconds(CERTIFY_SECONDS),
      memory: 1769,
      statements: [
        ...registry.allow('dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'),
        ...allowReadingWork(landing, RUNS),
        ...[CERTIFICATES, TOKEN_TABLES].map((objects) => allow(['s3:PutObject'], lake.arnForObjects(objects))),
        allowEncrypting(key),
      ],
      objects: [RUNS, CERTIFICATES, TOKEN_TABLES],
    });
  }
}

const RUNS = `${WORK}*`;
const CERTIFICATES = `${ESCROW}*/${CERTIFICATE}`;
const TOKEN_TABLES = `${ESCROW}*${TOKEN_TABLE}`;
