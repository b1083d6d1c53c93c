import type { App } from 'aws-cdk-lib';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { planAgreement } from '../domain/agreement/plan/plan-agreement';
import { formatFinding } from '../domain/agreement/yaml/finding';
import { errorAt } from '../domain/agreement/yaml/remark';
import { OversizedAgreement } from '../stacks/agreement/oversized-agreement';
import { buildRoom } from '../stacks/build-room';
import { InvalidInput } from './describe/exit-code';
import type { LoadedRoom } from './read/load-room';

type ValidRoom = Extract<LoadedRoom, { readonly kind: 'valid' }>;

/**
 * The room as templates.
 * @throws InvalidInput with file, line and column where an agreement is more than a stack can hold.
 */
export function drawRoom(app: App, { room, agreements, proposed, locate }: ValidRoom): CloudAssembly {
  try {
    buildRoom(app, room, agreements.map(planAgreement), proposed.map(planAgreement));
    const assembly = app.synth();
    for (const { agreement } of agreements) refuseLength(agreement, assembly);
    return assembly;
  } catch (error) {
    if (!(error instanceof OversizedAgreement)) throw error;
    throw new InvalidInput(formatFinding(locate(error.agreement, error.remark)), { cause: error });
  }
}

function refuseLength(agreement: string, assembly: CloudAssembly): void {
  const { length } = JSON.stringify(assembly.getStackByName(`BarterAgreement-${agreement}`).template);
  if (length <= MAX_TEMPLATE) return;
  const problem = `its stack has a template of ${length} characters, and CloudFormation takes ${MAX_TEMPLATE}`;
  const remedy = 'Bring fewer columns, drop those that nobody needs, or make two agreements of it.';
  throw new OversizedAgreement(agreement, errorAt(['datasets'], problem, remedy));
}

/** CloudFormation takes 1 MB, of bytes. */
const MAX_TEMPLATE = 1_000_000;
