import { planForSide } from '../../../lib/domain/agreement/plan/plan-for-side';
import { type CostEstimate, estimateCost, totalCost } from '../../../lib/domain/room/estimate-cost';
import { TELCO_RETAIL_PLAN } from '../../fixtures/plan';

const ROOM = {
  retention: { deliveries: 30, results: 30, replaced: 30, accessLogs: 365, logs: 365 },
  jobs: { flex: false, maxWorkers: 10 },
};
const PLAN = planForSide(TELCO_RETAIL_PLAN, { kind: 'hosted' });
const COUNTS = {
  'AWS::KMS::Key': 5,
  'AWS::CloudWatch::Alarm': 25,
  'AWS::CloudWatch::Dashboard': 1,
  'AWS::Transfer::Server': 1,
};
const lineOf = ({ lines }: CostEstimate, service: string) => lines.find((line) => line.service === service);
const perGb = ({ lines }: CostEstimate) => lines.reduce((total, line) => total + line.perGb, 0);
const idle = ({ lines }: CostEstimate) => lines.reduce((total, line) => total + line.idle, 0);
const usual = estimateCost(ROOM, [PLAN], COUNTS);

test('what stands there costs by its number', () => {
  expect(lineOf(usual, 'Transfer Family')).toMatchObject({ idle: 219, perGb: 0.04 });
  expect(lineOf(usual, 'KMS')?.idle).toBeCloseTo(5, 0);
  expect(lineOf(usual, 'CloudWatch')?.idle).toBeCloseTo(5.5, 1);
});

test('without an SFTP server there is none to pay', () => {
  const without = estimateCost(ROOM, [PLAN], { ...COUNTS, 'AWS::Transfer::Server': 0 });
  expect(lineOf(without, 'Transfer Family')).toMatchObject({ idle: 0, perDelivery: 0, perGb: 0 });
  expect(idle(usual) - idle(without)).toBeCloseTo(219);
});

test('deliveries come as often as the legs ask for', () => {
  // Two datasets, weekly.
  expect(usual.deliveries).toBeCloseTo((2 * 365.25) / 12 / 7);
  const hourly = { ...PLAN, legs: PLAN.legs.map((leg) => ({ ...leg, every: 'PT1H' })) };
  expect(estimateCost(ROOM, [hourly], COUNTS).deliveries).toBeCloseTo((2 * 365.25) / 12);
  expect(estimateCost(ROOM, [], COUNTS)).toMatchObject({ deliveries: 0 });
  expect(estimateCost(ROOM, [PLAN, PLAN], COUNTS).deliveries).toBeCloseTo(2 * usual.deliveries);
});

test('a GB is paid for as long as its copies are kept', () => {
  // Twice (raw and cleaned) 60 days, then 180 or 90 days and one more as a release: 255.5 days on average.
  const storage = (255.5 / (365.25 / 12)) * 0.023;
  expect(lineOf(usual, 'S3')?.perGb).toBeCloseTo(storage, 2);
  const longer = { ...ROOM, retention: { ...ROOM.retention, deliveries: 300 } };
  expect(perGb(estimateCost(longer, [PLAN], COUNTS))).toBeGreaterThan(perGb(usual) + 0.4);
});

test('FLEX makes the jobs, and nothing else, cheaper by a third', () => {
  const flex = estimateCost({ ...ROOM, jobs: { flex: true, maxWorkers: 10 } }, [PLAN], COUNTS);
  for (const line of usual.lines) {
    const share = line.service === 'Glue' ? 0.29 / 0.44 : 1;
    expect(lineOf(flex, line.service)?.perGb).toBeCloseTo(line.perGb * share);
  }
});

test('a month comes to what is idle, what is delivered, and how large it is', () => {
  const [empty, one, two] = [0, 1, 2].map((gb) => totalCost(usual, gb));
  expect(empty).toBeGreaterThan(idle(usual));
  expect(two! - one!).toBeCloseTo(one! - empty!);
  expect(one! - empty!).toBeCloseTo(usual.deliveries * perGb(usual));
});

test('it says where its prices are from and what it leaves out', () => {
  const said = usual.assumptions.join('\n');
  expect(said).toMatch(/List prices of us-east-1, looked up in \w+ \d{4}/);
  expect(said).toMatch(/^Not counted: /m);
});
