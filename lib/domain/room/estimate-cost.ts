import { fewestDays } from '../agreement/periods/fewest-days';
import type { PlannedDataset } from '../agreement/plan/plan';
import type { SidePlan } from '../agreement/plan/plan-for-side';
import { LOOKED_UP, PRICED_REGION, PRICES } from './prices';
import type { Room } from './room';

/** In US dollars. */
interface CostLine {
  readonly service: string;
  /** A month in which nothing is delivered. */
  readonly idle: number;
  /** Of each delivery of a dataset, however small. */
  readonly perDelivery: number;
  /** Of each GB delivered, its whole keeping included. */
  readonly perGb: number;
}

export interface CostEstimate {
  readonly lines: readonly CostLine[];
  /** A month, of all datasets, as the agreements' legs ask for them. */
  readonly deliveries: number;
  readonly assumptions: readonly string[];
}

/** How many resources there are of each CloudFormation type. */
export type ResourceCounts = Readonly<Record<string, number>>;

type CostRoom = Pick<Room, 'retention' | 'jobs'>;

/** Of a month, on average. */
const HOURS = 730;
const DAYS = 365.25 / 12;

/** What nothing of the plan says. Guesses by design, on the dear side; none is measured on AWS. */
const GUESS = {
  scheduledCalls: 4000,
  callSeconds: 0.5,
  callGb: 0.25,
  readsPerCall: 50,
  logKbPerCall: 2,
  idleKmsRequests: 10_000,
  scannedGb: 10,
  runMinutes: 2,
  runDpus: 2,
  dpuHoursPerGb: 0.1,
  transitions: 25,
  calls: 10,
  writes: 50,
  events: 20,
  requests: 500,
  requestsPerGb: 100,
  kmsRequests: 200,
  logMb: 5,
} as const;

/** An estimate, not a quote: what the room of this side costs whoever owns its account. */
export function estimateCost(room: CostRoom, plans: readonly SidePlan[], counts: ResourceCounts): CostEstimate {
  const count = (type: string) => counts[type] ?? 0;
  const at = (price: keyof typeof PRICES) => PRICES[price].dollars;
  const given = plans.flatMap((plan) => plan.datasets.map((dataset) => describeDeliveries(room, plan, dataset)));
  const deliveries = given.reduce((total, { perMonth }) => total + perMonth, 0);
  const average = (pick: (each: Deliveries) => number) =>
    deliveries === 0 ? 0 : given.reduce((total, each) => total + pick(each) * each.perMonth, 0) / deliveries;
  const runs = average((each) => each.runs);
  const dpuHour = room.jobs.flex ? at('glueFlexHour') : at('glueHour');
  const call = at('call') + GUESS.callSeconds * GUESS.callGb * at('gbSecond');
  const servers = count('AWS::Transfer::Server');
  const lines: readonly CostLine[] = [
    {
      service: 'KMS',
      idle: count('AWS::KMS::Key') * at('kmsKey') + GUESS.idleKmsRequests * at('kmsRequest'),
      perDelivery: GUESS.kmsRequests * at('kmsRequest'),
      perGb: 0,
    },
    {
      service: 'Transfer Family',
      idle: servers * at('transferHour') * HOURS,
      perDelivery: 0,
      perGb: servers > 0 ? at('transferGb') : 0,
    },
    {
      service: 'CloudWatch',
      idle:
        count('AWS::CloudWatch::Alarm') * at('alarm') +
        count('AWS::CloudWatch::Dashboard') * at('dashboard') +
        ((GUESS.scheduledCalls * GUESS.logKbPerCall) / 1e6) * at('logGb'),
      perDelivery: (GUESS.logMb / 1000) * at('logGb'),
      perGb: 0,
    },
    {
      service: 'Glue',
      idle: 0,
      perDelivery: ((runs * GUESS.runDpus * GUESS.runMinutes) / 60) * dpuHour,
      perGb: runs * GUESS.dpuHoursPerGb * dpuHour,
    },
    {
      service: 'S3',
      idle: 0,
      perDelivery: GUESS.requests * at('s3Write'),
      perGb: average((each) => each.gbMonths) * at('s3Month') + GUESS.requestsPerGb * at('s3Write'),
    },
    {
      service: 'CloudTrail',
      idle: 0,
      perDelivery: GUESS.requests * at('dataEvent'),
      perGb: GUESS.requestsPerGb * at('dataEvent'),
    },
    { service: 'Step Functions', idle: 0, perDelivery: GUESS.transitions * at('transition'), perGb: 0 },
    {
      service: 'DynamoDB',
      idle: GUESS.scheduledCalls * GUESS.readsPerCall * at('tableRead'),
      perDelivery: GUESS.writes * at('tableWrite'),
      perGb: 0,
    },
    { service: 'Lambda', idle: GUESS.scheduledCalls * call, perDelivery: GUESS.calls * call, perGb: 0 },
    { service: 'Athena', idle: GUESS.scannedGb * at('scannedGb'), perDelivery: 0, perGb: 0 },
    { service: 'EventBridge', idle: 0, perDelivery: GUESS.events * at('event'), perGb: 0 },
  ];
  return { lines, deliveries, assumptions: listAssumptions(room, counts) };
}

/** What a month comes to when each delivery has so many GB. */
export function totalCost({ lines, deliveries }: CostEstimate, gbPerDelivery: number): number {
  return lines.reduce(
    (total, { idle, perDelivery, perGb }) => total + idle + deliveries * (perDelivery + gbPerDelivery * perGb),
    0,
  );
}

interface Deliveries {
  readonly perMonth: number;
  /** Of Glue, each. */
  readonly runs: number;
  /** That each delivered GB is kept for, in all its copies. */
  readonly gbMonths: number;
}

function describeDeliveries({ retention }: CostRoom, plan: SidePlan, { id }: PlannedDataset): Deliveries {
  const legs = plan.legs.filter(({ dataset }) => dataset === id);
  // A duration of less than a day counts as a day.
  const everyDays = legs.map(({ every }) => Math.max(1, fewestDays(every)));
  const kept = 2 * (retention.deliveries + retention.replaced);
  const released = legs.reduce((total, { retain }) => total + fewestDays(retain) + 1, 0);
  return {
    perMonth: legs.length === 0 ? 0 : DAYS / Math.min(...everyDays),
    runs: 1 + legs.length,
    gbMonths: (kept + released) / DAYS,
  };
}

function listAssumptions({ jobs }: CostRoom, counts: ResourceCounts): readonly string[] {
  const keys = counts['AWS::KMS::Key'] ?? 0;
  return [
    `List prices of ${PRICED_REGION}, looked up in ${LOOKED_UP}, without tax, free tier and discounts; their sources stand below. Other regions differ by a tenth or more.`,
    `${keys} keys in their first year; each costs a dollar a month more after its first and again after its second rotation.`,
    'A delivery comes as often as the most frequent leg of its dataset says; one that is handed in twice costs twice.',
    `Idle: the room looks by itself ${GUESS.scheduledCalls.toLocaleString('en')} times a month, and an auditor scans ${GUESS.scannedGb} GB of the trail.`,
    `Glue: one run per delivery and one more per leg, each ${GUESS.runDpus} DPU for ${GUESS.runMinutes} minutes and ${GUESS.dpuHoursPerGb} DPU-hours per GB${jobs.flex ? ', FLEX' : ''}. This is the figure to measure first.`,
    'S3: a cleaned copy and each release are as large as the delivery, and all are kept as long as room.yaml and the legs say.',
    `Each delivery makes ${GUESS.requests} S3 requests (recorded by the trail), ${GUESS.requestsPerGb} more per GB, ${GUESS.transitions} workflow steps, ${GUESS.writes} registry writes and ${GUESS.events} events.`,
    "Not counted: what leaves AWS or the region, Data Exchange, the partners' own accounts, support, and services below a cent a month (SNS, SQS, API, X-Ray).",
  ];
}
