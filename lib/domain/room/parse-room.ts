import * as z from 'zod';
import { describeIssues } from '../agreement/checks/describe-issue';
import { isDuration } from '../agreement/periods/duration';
import { fewestDays } from '../agreement/periods/fewest-days';
import { partySchema } from '../agreement/schema/agreement';
import { text as line, listOf, id as partyId, strictMap } from '../agreement/schema/schema-parts';
import type { Finding } from '../agreement/yaml/finding';
import { readYaml, type YamlFile } from '../agreement/yaml/read-yaml';
import { errorAt, type Remark } from '../agreement/yaml/remark';
import type { Room } from './room';

type RoomReading =
  /** `place` gives a line to what turns out wrong later. */
  | { readonly kind: 'valid'; readonly room: Room; readonly place: YamlFile['place'] }
  | { readonly kind: 'invalid'; readonly findings: readonly Finding[] };

/** Reads the text of a room.yaml. Never throws; whatever is wrong is a finding. */
export function parseRoom(file: string, text: string): RoomReading {
  // What readYaml would say of an empty file is about agreements.
  const isEmpty = text.split('\n').every((written) => /^\s*(#|$)/.test(written));
  const { yaml, findings } = readYaml(file, isEmpty ? '{}' : text);
  if (yaml === undefined) return { kind: 'invalid', findings };
  const { data, error } = roomSchema.safeParse(yaml.value, { reportInput: true });
  const refused = describeIssues(error?.issues ?? []).map((refusal) => yaml.place(refusal));
  const contradictions = data === undefined ? [] : checkRoom(data).map(yaml.place);
  if (data !== undefined && findings.length + contradictions.length === 0)
    return { kind: 'valid', room: data, place: yaml.place };
  const inOrder = [...findings, ...refused, ...contradictions].sort((a, b) => a.line - b.line || a.column - b.column);
  return { kind: 'invalid', findings: inOrder };
}

const nameFolder = 'Name the folder of the agreements, relative to this file, e.g. examples/telco-retail.';
const writeRegion = 'Write an AWS region, e.g. eu-central-1, or leave it out to use the region of whoever deploys.';
const writeDays = 'Write an ISO 8601 duration of a day or more, e.g. P30D.';

/** Read as whole days. */
const days = z
  .string(writeDays)
  .refine((written) => isDuration(written) && fewestDays(written) >= 1, {
    error: writeDays,
    params: { problem: 'is not a duration of a day or more' },
  })
  .transform(fewestDays);

const writePeer = 'Write hosted (one room for all) or { peer: telco } (a room for each party, this one its).';
const writeEndpoint = 'Write public or { vpc: { vpcId: vpc-…, subnetIds: [subnet-…] } }.';
const writeSftp = 'Write off, { endpoint: public } or { endpoint: { vpc: { vpcId: vpc-…, subnetIds: [subnet-…] } } }.';
const writeJobs = 'Write { flex: false, maxWorkers: 10 }.';
const writeWorkers = 'Write a whole number from 2 to 100.';
const writeVpc = 'Write the id of a VPC, e.g. vpc-0a1b2c3d4e5f60718.';
const writeSubnet = 'Write the id of a subnet, e.g. subnet-0a1b2c3d4e5f60718.';
const writeLeg = 'Write a leg as agreement/leg, e.g. telco-retail-2026/telco-retail-usage.';
const writeAuditor =
  'List ARNs of IAM roles, e.g. ["arn:aws:iam::999900001111:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Auditor_0123456789abcdef"].';
const mail = z.email('Write an e-mail address, e.g. security@example.com.');

const vpc = strictMap(
  {
    vpcId: z.string(writeVpc).regex(/^vpc-[0-9a-f]{8,17}$/, writeVpc),
    subnetIds: listOf(z.string(writeSubnet).regex(/^subnet-[0-9a-f]{8,17}$/, writeSubnet), 'List subnets of the VPC.'),
  },
  writeEndpoint,
);

const sftpEndpoint = z.union(
  [
    z.literal('public').transform((kind) => ({ kind })),
    strictMap({ vpc }, writeEndpoint).transform((written) => ({ kind: 'vpc' as const, ...written.vpc })),
  ],
  writeEndpoint,
);

const roomSchema = strictMap(
  {
    account: z.exactOptional(partySchema.shape.account),
    region: z.exactOptional(z.string(writeRegion).regex(/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/, writeRegion)),
    agreements: line(1000, nameFolder),
    retention: strictMap(
      {
        deliveries: days.default(30),
        results: days.default(30),
        replaced: days.default(30),
        accessLogs: days.default(365),
        // An agreement of a year, and the month in which what was received is destroyed.
        logs: days.default(400),
      },
      'Write { deliveries: P30D, results: P30D, replaced: P30D, accessLogs: P1Y, logs: P400D }.',
    ).prefault({}),
    logArchiveAccount: z.exactOptional(partySchema.shape.account),
    topology: z
      .union(
        [
          z.literal('hosted').transform((kind) => ({ kind })),
          strictMap({ peer: partyId }, writePeer).transform(({ peer }) => ({ kind: 'peer' as const, party: peer })),
        ],
        writePeer,
      )
      .prefault('hosted'),
    operatorParty: z.exactOptional(partyId),
    sftp: z
      .union(
        [
          z.literal('off').transform((kind) => ({ kind })),
          strictMap({ endpoint: sftpEndpoint }, writeSftp).transform(({ endpoint }) => endpoint),
        ],
        writeSftp,
      )
      .prefault('off'),
    jobs: strictMap(
      {
        flex: z.boolean('Write true or false.').default(false),
        maxWorkers: z.int(writeWorkers).min(2, writeWorkers).max(100, writeWorkers).default(10),
      },
      writeJobs,
    ).prefault({}),
    alarms: z.array(mail, 'List e-mail addresses, e.g. [security@example.com].').default([]),
    auditors: z
      .array(
        z.string(writeAuditor).regex(/^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/, writeAuditor),
        writeAuditor,
      )
      .default([]),
    warehouses: z.array(line(200, writeLeg).regex(/^[a-z0-9-]+\/[a-z0-9_-]+$/, writeLeg), writeLeg).default([]),
  },
  'Write at least `agreements: folder`.',
);

/** What contradicts itself though each key by itself is right. */
function checkRoom({ account, region, logArchiveAccount, topology, operatorParty }: Room): Remark[] {
  const remarks: Remark[] = [];
  if (topology.kind === 'peer' && operatorParty !== undefined) {
    const problem = `the room is \`${topology.party}\`'s own: nobody hosts it`;
    remarks.push(errorAt(['operatorParty'], problem, 'Remove `operatorParty`, or write `topology: hosted`.'));
  }
  if (logArchiveAccount !== undefined && (account === undefined || region === undefined)) {
    const problem = 'another account keeps the trail, and this file does not say whose trail';
    const remedy = 'Write `account` and `region` too: the archive takes logs of that account and no other.';
    remarks.push(errorAt(['logArchiveAccount'], problem, remedy));
  }
  if (logArchiveAccount !== undefined && logArchiveAccount === account) {
    const remedy = 'Name another account, or leave it out: the room then keeps its trail itself.';
    remarks.push(errorAt(['logArchiveAccount'], 'this is the account of the room itself', remedy));
  }
  return remarks;
}
