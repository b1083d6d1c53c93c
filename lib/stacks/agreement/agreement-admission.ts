import { gzipSync } from 'node:zlib';
import { CustomResource, Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { SidePlan } from '../../domain/agreement/plan/plan-for-side';
import { listPrincipals } from '../../domain/enforcement/registration/list-principals';

/**
 * Asks the record whether a stack may be drawn from a version. All that the stack draws waits for it: who is refused here has
 * changed nothing.
 */
export class AgreementAdmission extends CustomResource {
  constructor(scope: Construct, id: string, plan: SidePlan, registration: IFunction) {
    super(scope, id, {
      resourceType: 'Custom::AgreementAdmission',
      serviceToken: registration.functionArn,
      serviceTimeout: Duration.minutes(5),
      properties: {
        Step: 'admit',
        Agreement: plan.agreement.id,
        Version: String(plan.agreement.version),
        Principals: gzipSync(JSON.stringify(listPrincipals(plan)), { level: 9 }).toString('base64'),
      },
    });
  }
}
