import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { App } from 'aws-cdk-lib';
import cdkJson from '../../../cdk.json';
import type { Delivery, Plan } from '../../../lib/domain/agreement/plan/plan';
import { planForSide } from '../../../lib/domain/agreement/plan/plan-for-side';
import { planHandover } from '../../../lib/domain/exchange/handover/plan-handover';
import { parseRoom } from '../../../lib/domain/room/parse-room';
import type { Room } from '../../../lib/domain/room/room';
import { sideOf } from '../../../lib/domain/room/side-of';
import { buildRoom } from '../../../lib/stacks/build-room';
import { synthesizeHandover } from '../../../lib/stacks/handover/partner-handover-stack';
import { readExamplePlan } from '../../fixtures/example-plan';

const CFN_LINT = join(__dirname, '../../../.venv/bin/cfn-lint');

/** Warnings that stand, by rule, and why. */
const ACCEPTED: Readonly<Record<string, string>> = {
  W3005:
    'The CDK names the role of a function, and its policy, in DependsOn beside the reference: redundant, harmless.',
};

const EXAMPLES = ['consortium', 'hospital-pharma', 'telco-retail'].map(readExamplePlan);
const TELCO_RETAIL = EXAMPLES.filter(({ agreement }) => agreement.id.startsWith('telco-retail'));
const HERE = 'region: eu-central-1\nsftp: { endpoint: public }\nalarms: [security@room.example]\n';
const OPERATED = `account: "999900001111"\n${HERE}`;

/** The ways that no example uses. */
const OTHER_WAYS: readonly Delivery[] = [
  {
    kind: 'snowflake',
    storageAwsIamUserArn: 'arn:aws:iam::777766665555:user/snowflake-abc',
    externalId: 'HARBOUR_SFCRole=2_x',
  },
  { kind: 'gcs', bucket: 'harbour-in', serviceAccountSubjectId: '123456789012345678901' },
  { kind: 'product', productId: 'prod-abcdefghijklm' },
  { kind: 'query-only' },
];

let scratch: string;
const accepted = new Set<string>();

beforeAll(() => {
  if (!existsSync(CFN_LINT)) throw new Error('There is no cfn-lint in .venv. Run: node scripts/setup.mjs --python');
});
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'cfn-lint-'));
});
afterEach(() => rmSync(scratch, { recursive: true }));

test.each<[string, string, readonly Plan[]]>([
  ['hosted, for all examples', OPERATED, EXAMPLES],
  ['hosted, anywhere', 'sftp: { endpoint: public }\n', TELCO_RETAIL],
  [
    'hosted, SFTP in a network of its own, trail in another account',
    `account: "999900001111"
region: eu-central-1
logArchiveAccount: "999900002222"
sftp: { endpoint: { vpc: { vpcId: vpc-0a1b2c3d4e5f60718, subnetIds: [subnet-0a1b2c3d4e5f60718] } } }\n`,
    TELCO_RETAIL,
  ],
  ['one party its own room', `account: "111122223333"\ntopology: { peer: telco }\n${HERE}`, TELCO_RETAIL],
  ['the other party its own room', `account: "444455556666"\ntopology: { peer: retail }\n${HERE}`, TELCO_RETAIL],
  [
    'to warehouses, by product and by query',
    OPERATED,
    [withWays(EXAMPLES[0]!, OTHER_WAYS.slice(0, 2)), withWays(EXAMPLES[1]!, OTHER_WAYS.slice(2))],
  ],
])('every template of a room passes: %s', (_, text, plans) => {
  const app = new App({ context: cdkJson.context, outdir: scratch });
  buildRoom(app, readRoom(text), plans);
  const { stacks } = app.synth();
  const templates = stacks.map(({ templateFullPath }) => templateFullPath);
  expect(readdirSync(scratch).filter((name) => name.endsWith('.template.json'))).toHaveLength(templates.length);
  expect(lint(templates)).toEqual([]);
});

test('the template of every hand-over passes', () => {
  const room = readRoom(OPERATED);
  const templates = EXAMPLES.flatMap((plan) => {
    const side = planForSide(plan, sideOf(room));
    return plan.parties.flatMap(({ id }) => {
      const handover = planHandover(side, id, room);
      if (handover === undefined) return [];
      const file = join(scratch, `${plan.agreement.id}-${id}.json`);
      writeFileSync(file, JSON.stringify(synthesizeHandover(handover, join(scratch, 'cdk.out'))));
      return [file];
    });
  });
  expect(templates.length).toBeGreaterThanOrEqual(EXAMPLES.length);
  expect(lint(templates)).toEqual([]);
});

test('every accepted warning is still given', () => {
  expect([...accepted].sort()).toEqual(Object.keys(ACCEPTED));
});

test('a wrong template does not pass', () => {
  const file = join(scratch, 'wrong.json');
  writeFileSync(
    file,
    JSON.stringify({ Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { Nmae: 'x' } } } }),
  );
  expect(lint([file])).toEqual([expect.stringMatching(/^E3002 wrong\.json Resources\.Bucket/)]);
});

function readRoom(text: string): Room {
  const reading = parseRoom('room.yaml', `agreements: .\n${text}`);
  if (reading.kind === 'invalid') throw new Error(reading.findings[0]?.problem);
  return reading.room;
}

function withWays(plan: Plan, ways: readonly Delivery[]): Plan {
  return { ...plan, legs: plan.legs.map((leg, index) => ({ ...leg, via: ways[index] ?? leg.via })) };
}

interface Match {
  readonly Rule: { readonly Id: string };
  readonly Filename: string;
  readonly Location: { readonly Path: readonly (string | number)[] };
  readonly Message: string;
}

/** What cfn-lint says, but for what is accepted. */
function lint(templates: readonly string[]): readonly string[] {
  const options = ['--format', 'json', '--regions', 'us-east-1', 'eu-central-1', '--'];
  const { stdout, stderr, error } = spawnSync(CFN_LINT, [...options, ...templates], { encoding: 'utf8' });
  if (error !== undefined || stderr !== '') throw new Error(`cfn-lint did not run: ${stderr}`, { cause: error });
  const matches: readonly Match[] = JSON.parse(stdout);
  for (const { Rule } of matches) if (Rule.Id in ACCEPTED) accepted.add(Rule.Id);
  return matches
    .filter(({ Rule }) => !(Rule.Id in ACCEPTED))
    .map(({ Rule, Filename, Location, Message }) =>
      [Rule.Id, basename(Filename), Location.Path.join('.'), Message].join(' '),
    );
}
