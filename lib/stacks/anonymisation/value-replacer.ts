import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { WORK } from '../../domain/room/workflow-run';
import { allow } from '../shared/allow';
import { allowEncrypting } from '../shared/allow-encrypting';
import { allowReadingWork, RawFunction, type RawPlaces } from './raw-function';
import { REPLACE_SECONDS } from './workflow-definition';

/** Replaces values that SQL cannot treat. The policies of the legs' keys let it make their secrets; no right of its own does. */
export class ValueReplacer extends RawFunction {
  constructor(scope: Construct, id: string, { landing, key, noticeKey }: RawPlaces) {
    super(scope, id, {
      handler: 'replace-values',
      description: 'replaces values that SQL cannot treat',
      noticeKey,
      environment: { LANDING_BUCKET: landing.bucketName },
      timeout: Duration.seconds(REPLACE_SECONDS),
      // Millions of values and what they become.
      memory: 3008,
      statements: [
        ...allowReadingWork(landing, RUNS),
        allow(['s3:PutObject'], landing.arnForObjects(REPLACEMENTS)),
        allowEncrypting(key),
      ],
      objects: [RUNS, REPLACEMENTS],
    });
  }
}

const RUNS = `${WORK}*`;
const REPLACEMENTS = `${WORK}*/replacements/*`;
