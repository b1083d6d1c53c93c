import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Annotations, CustomResource, Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import canonicalize from 'canonicalize';
import type { Construct } from 'constructs';
import type { SidePlan } from '../domain/agreement/plan-for-side';
import type { Provisioned } from '../domain/enforcement/registered-agreement';

/** Puts the agreement's version on the room's record: what was agreed, its hash, and what was made for it. */
export class AgreementRecord extends CustomResource {
  constructor(scope: Construct, id: string, plan: SidePlan, provisioned: Provisioned, registration: IFunction) {
    const text = canonicalize(plan) ?? '';
    const packed = gzipSync(text, { level: 9 }).toString('base64');
    super(scope, id, {
      resourceType: 'Custom::AgreementRecord',
      serviceToken: registration.functionArn,
      serviceTimeout: Duration.minutes(5),
      properties: {
        Agreement: plan.agreement.id,
        Version: String(plan.agreement.version),
        Hash: createHash('sha256').update(text).digest('hex'),
        Plan: packed,
        Provisioned: provisioned,
      },
    });
    if (packed.length > MAX_PLAN) {
      Annotations.of(this).addError(
        `The plan of ${plan.agreement.id} is ${packed.length} characters, packed, and the room can record ${MAX_PLAN}. Shorten its hierarchy files: only values that occur need a line.`,
      );
    }
  }
}

/** Characters: with its other properties it has to pass through one call of the function, which takes 256 KB. */
const MAX_PLAN = 200_000;
