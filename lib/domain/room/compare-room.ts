import { type PlannedStack, planAdmins, planFacts, planReserved } from './plan-facts';
import type { Facts } from './resource-facts';
import { ROOM_STACKS } from './room-names';

/** What is in the account, as plain data, however it was read. */
export interface RoomObservation {
  /** By stack id; a stack that is not there is left out. */
  readonly stacks: Readonly<Record<string, ObservedStack>>;
  readonly dataLake: ObservedDataLake | 'unreadable';
  /** Functions that the account may run at once in the region. */
  readonly executions: number | 'unreadable';
  /** ARNs of what is told of IAM's events in the one region where EventBridge is. */
  readonly iamForwarding: readonly string[] | 'unreadable';
}

export interface ObservedStack {
  /** As CloudFormation has it, e.g. `UPDATE_COMPLETE`. */
  readonly status: string;
  /** ARN: says partition, region and account. */
  readonly arn: string;
  /** By logical id. */
  readonly resources: Readonly<Record<string, ObservedResource>>;
}

/** `missing`: it is gone. `unreadable`: whoever looks has no leave to. */
export type ObservedResource = Facts | 'missing' | 'unreadable';

interface ObservedDataLake {
  /** ARNs. */
  readonly admins: readonly string[];
  /** Whether IAM alone opens new databases and tables. */
  readonly isOpenByDefault: boolean;
}

interface Difference {
  /** Stack, and resource in it. */
  readonly where: string;
  readonly problem: string;
  readonly remedy: string;
}

const GOOD = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE'];

/** Where the account is not what would be deployed now; empty: no difference in what is compared. */
export function compareRoom(planned: readonly PlannedStack[], observed: RoomObservation): readonly Difference[] {
  return [
    ...planned.flatMap((stack) => compareStack(stack, observed.stacks[stack.id])),
    ...compareDataLake(planned, observed),
    ...compareQuota(planned, observed),
    ...compareForwarding(planned, observed),
  ];
}

/** Without it CloudFormation refuses the functions in the middle of a deployment. */
function compareQuota(planned: readonly PlannedStack[], { executions }: RoomObservation): readonly Difference[] {
  const where = 'quota of AWS Lambda';
  if (executions === 'unreadable') {
    const remedy = 'Look again as somebody who may read it (lambda:GetAccountSettings).';
    return [{ where, problem: 'it may not be looked at', remedy }];
  }
  const reserved = planned.reduce((sum, stack) => sum + planReserved(stack), 0);
  if (executions >= reserved + UNRESERVED) return [];
  return [
    {
      where,
      problem: `the account runs ${executions} functions at once; planned are ${reserved} for functions of their own, and AWS keeps ${UNRESERVED} for all others`,
      remedy: `Before you deploy, ask for more: aws service-quotas request-service-quota-increase --service-code lambda --quota-code ${QUOTA} --desired-value 1000`,
    },
  ];
}

/** Without it a changed role is told by the next report, and by no alert. */
function compareForwarding(planned: readonly PlannedStack[], { stacks, iamForwarding }: RoomObservation): Difference[] {
  const vault = stacks[ROOM_STACKS.vault];
  if (vault === undefined || !planned.some(({ id }) => id === ROOM_STACKS.vault)) return [];
  const [, partition = '', , region = '', account = ''] = vault.arn.split(':');
  const bus = `arn:${partition}:events:${region}:${account}:event-bus/default`;
  if (region === 'us-east-1' || iamForwarding.includes(bus)) return [];
  const where = 'alerts of IAM';
  if (iamForwarding === 'unreadable') {
    const remedy = 'Look again as somebody who may read rules in us-east-1 (events:ListRules, ListTargetsByRule).';
    return [{ where, problem: 'it may not be looked at whether they come from us-east-1', remedy }];
  }
  const remedy = 'Forward its events: docs/deploy.md, "Changes of roles are told at once".';
  return [
    { where, problem: 'no rule in us-east-1 tells the room of a changed role, so that none is told at once', remedy },
  ];
}

/** What cannot be reserved (AWS Lambda developer guide, "Configuring reserved concurrency"). */
const UNRESERVED = 100;
/** Of "Concurrent executions" (AWS Lambda endpoints and quotas). */
const QUOTA = 'L-B99A9384';

function compareStack(planned: PlannedStack, observed: ObservedStack | undefined): readonly Difference[] {
  const { id } = planned;
  if (observed === undefined)
    return [{ where: id, problem: 'it is not deployed', remedy: `Run: npx cdk deploy ${id}` }];
  const { status, resources } = observed;
  const bad = {
    where: id,
    problem: `its state is ${status}`,
    remedy: status.endsWith('_IN_PROGRESS')
      ? 'Wait until the deployment has ended and look again.'
      : 'Read its events in CloudFormation, mend what they name, and deploy it again.',
  };
  return [
    ...(GOOD.includes(status) ? [] : [bad]),
    ...[...planFacts(planned)].flatMap(([logicalId, facts]) =>
      compareResource(id, `${id}/${logicalId}`, facts, resources[logicalId]),
    ),
  ];
}

function compareResource(
  stack: string,
  where: string,
  planned: Facts,
  observed: ObservedResource | undefined,
): readonly Difference[] {
  if (observed === undefined)
    return [{ where, problem: 'the deployed stack does not have it', remedy: `Run: npx cdk deploy ${stack}` }];
  if (observed === 'missing') {
    const remedy = 'Find out from the trail who deleted it; the runbook says what can be restored.';
    return [{ where, problem: 'the stack has it, but it is gone', remedy }];
  }
  if (observed === 'unreadable') {
    const remedy = 'Look again as somebody who may read it, e.g. with the policy SecurityAudit.';
    return [{ where, problem: 'it may not be looked at', remedy }];
  }
  return Object.entries(planned)
    .filter(([fact, value]) => observed[fact] !== value)
    .map(([fact, value]) => ({
      where,
      problem: `${fact}: ${observed[fact] ?? 'unknown'}; planned: ${value}`,
      remedy: PUT_BACK,
    }));
}

const PUT_BACK =
  'If `npx cdk diff` shows it, deploy. If not, somebody changed it: deploying leaves it so. Put it back by hand, and ask the trail who it was.';

function compareDataLake(planned: readonly PlannedStack[], { stacks, dataLake }: RoomObservation): Difference[] {
  const where = 'data lake settings';
  // Until the stack that sets them is there, nothing is expected of them.
  const admins = planned.flatMap((stack) => {
    const deployed = stacks[stack.id];
    return deployed === undefined ? [] : planAdmins(stack).map((admin) => fillIn(admin, deployed.arn));
  });
  if (admins.length === 0) return [];
  if (dataLake === 'unreadable') {
    const remedy = 'Look again as somebody who may read them (lakeformation:GetDataLakeSettings).';
    return [{ where, problem: 'they may not be looked at', remedy }];
  }
  const lacking = admins
    .filter((admin) => !dataLake.admins.includes(admin))
    .map((admin) => ({ where, problem: `${admin} is no administrator`, remedy: SET_AGAIN }));
  const open = { where, problem: 'IAM alone opens new databases or tables', remedy: SET_AGAIN };
  return [...lacking, ...(dataLake.isOpenByDefault ? [open] : [])];
}

const SET_AGAIN = 'Put it back in the Lake Formation console, and ask the trail who changed it (PutDataLakeSettings).';

/** @param stack `arn:<partition>:cloudformation:<region>:<account>:stack/…` */
function fillIn(text: string, stack: string): string {
  const [, partition = '', , region = '', account = ''] = stack.split(':');
  const values: Readonly<Record<string, string>> = { Partition: partition, Region: region, AccountId: account };
  return text.replaceAll(/\$\{AWS::(\w+)\}/g, (written, name: string) => values[name] ?? written);
}
