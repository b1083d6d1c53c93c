import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { CustomResource, Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import canonicalize from 'canonicalize';
import type { Construct } from 'constructs';
import type { SidePlan } from '../../domain/agreement/plan/plan-for-side';
import { errorAt } from '../../domain/agreement/yaml/remark';
import type { Provisioned } from '../../domain/registry/registered-agreement';
import type { SftpEndpoint } from '../../domain/room/room';
import { OversizedAgreement } from './oversized-agreement';

/**
 * How a version comes on record. `record`: the stack was drawn from it, and this was made. `propose`: it waits for signatures,
 * and nothing is drawn from it.
 */
type RecordStep =
  | { readonly kind: 'propose' }
  | {
      readonly kind: 'record';
      readonly provisioned: Provisioned;
      /** Of the SFTP server: where that changes its server may become another, which CloudFormation does not see here. */
      readonly sftp?: SftpEndpoint;
    };

/** Puts an agreement's version on the room's record: what was agreed, its hash, and what was made for it. */
export class AgreementRecord extends CustomResource {
  constructor(scope: Construct, id: string, plan: SidePlan, step: RecordStep, registration: IFunction) {
    const text = canonicalize(plan) ?? '';
    const packed = gzipSync(text, { level: 9 }).toString('base64');
    super(scope, id, {
      resourceType: RESOURCE_TYPES[step.kind],
      serviceToken: registration.functionArn,
      serviceTimeout: Duration.minutes(5),
      properties: {
        Agreement: plan.agreement.id,
        Version: String(plan.agreement.version),
        Hash: createHash('sha256').update(text).digest('hex'),
        Plan: packed,
        ...(step.kind === 'record' ? describeMade(step) : { Step: step.kind }),
      },
    });
    if (packed.length > MAX_PLAN) {
      const problem = `the plan is ${packed.length} characters, packed, and a room can record ${MAX_PLAN}`;
      const remedy = 'Shorten its hierarchy files (only values that occur need a line), or make two agreements.';
      throw new OversizedAgreement(plan.agreement.id, errorAt(['datasets'], problem, remedy));
    }
  }
}

function describeMade({ provisioned, sftp }: Extract<RecordStep, { readonly kind: 'record' }>) {
  return { Provisioned: provisioned, ...(sftp === undefined ? {} : { SftpEndpoint: canonicalize(sftp) }) };
}

const RESOURCE_TYPES = {
  propose: 'Custom::AgreementProposal',
  record: 'Custom::AgreementRecord',
} as const;

/** Characters: with its other properties it has to pass through one call of the function, which takes 256 KB. */
const MAX_PLAN = 200_000;
