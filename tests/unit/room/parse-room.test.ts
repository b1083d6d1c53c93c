import { parseRoom } from '../../../lib/domain/room/parse-room';

test('what is left out has a default', () => {
  expect(parseRoom('room.yaml', 'agreements: agreements\n')).toMatchObject({
    kind: 'valid',
    room: {
      agreements: 'agreements',
      retention: { deliveries: 30, results: 30, replaced: 30, accessLogs: 365, logs: 400 },
      topology: { kind: 'hosted' },
      sftp: { kind: 'off' },
      jobs: { flex: false, maxWorkers: 10 },
      alarms: [],
      auditors: [],
      warehouses: [],
    },
  });
});

test('everything can be said', () => {
  const text = `
account: "111122223333"
region: us-gov-west-1
agreements: ../agreements
retention: { deliveries: P2W, results: P1D, replaced: P1M, accessLogs: P7Y, logs: P7Y }
logArchiveAccount: "999900001111"
topology: hosted
operatorParty: telco
sftp: { endpoint: { vpc: { vpcId: vpc-0a1b2c3d, subnetIds: [subnet-0a1b2c3d, subnet-1a1b2c3d] } } }
jobs: { flex: true, maxWorkers: 40 }
alarms: [security@example.com]
auditors: ['arn:aws-us-gov:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Auditor_0123456789abcdef']
warehouses: [telco-retail-2026/telco-retail-usage]
`;
  expect(parseRoom('room.yaml', text)).toMatchObject({
    kind: 'valid',
    room: {
      account: '111122223333',
      region: 'us-gov-west-1',
      agreements: '../agreements',
      retention: { deliveries: 14, results: 1, replaced: 28, accessLogs: 2556, logs: 2556 },
      logArchiveAccount: '999900001111',
      topology: { kind: 'hosted' },
      operatorParty: 'telco',
      sftp: { kind: 'vpc', vpcId: 'vpc-0a1b2c3d', subnetIds: ['subnet-0a1b2c3d', 'subnet-1a1b2c3d'] },
      jobs: { flex: true, maxWorkers: 40 },
      alarms: ['security@example.com'],
      auditors: [
        'arn:aws-us-gov:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Auditor_0123456789abcdef',
      ],
      warehouses: ['telco-retail-2026/telco-retail-usage'],
    },
  });
});

test.each([
  ['topology: { peer: telco }', { topology: { kind: 'peer', party: 'telco' } }],
  ['sftp: off', { sftp: { kind: 'off' } }],
  ['sftp: { endpoint: public }', { sftp: { kind: 'public' } }],
  ['warehouses: [swap/a-b-call_records]', { warehouses: ['swap/a-b-call_records'] }],
  ['jobs: { flex: true }', { jobs: { flex: true, maxWorkers: 10 } }],
])('%s', (line, room) => {
  expect(parseRoom('room.yaml', `agreements: agreements\n${line}\n`)).toMatchObject({ kind: 'valid', room });
});

test.each([
  ['topology: peer', '1:11', 'Write hosted'],
  ['topology: { peer: Telco }', '1:19', 'Use 1 to 31'],
  ['sftp: true', '1:7', 'Write off'],
  ['sftp: { endpoint: private }', '1:19', 'Write public'],
  ['sftp: { endpoint: { vpc: { vpcId: vpc-0a1b2c3d, subnetIds: [] } } }', '1:49', 'List subnets'],
  ['jobs: flex', '1:7', 'Write { flex: false'],
  ['jobs: { maxWorkers: 1 }', '1:21', 'Write a whole number'],
  ['jobs: { flex: maybe }', '1:15', 'Write true or false'],
  ['alarms: [nobody]', '1:10', 'Write an e-mail address'],
  ['auditors: ["arn:aws:iam::999900001111:root"]', '1:12', 'List ARNs of IAM roles'],
  ['auditors: ["arn:aws:iam::999900001111:role/*"]', '1:12', 'List ARNs of IAM roles'],
  ['warehouses: [telco-retail-usage]', '1:14', 'Write a leg as agreement/leg'],
  ['{ topology: { peer: telco }, operatorParty: telco, agreements: a }', '1:45', 'Remove `operatorParty`'],
  ['{ logArchiveAccount: "999900001111", region: eu-central-1, agreements: a }', '1:22', 'Write `account` and'],
  [
    '{ logArchiveAccount: "111122223333", account: "111122223333", region: eu-central-1, agreements: a }',
    '1:22',
    'Name another account',
  ],
])('%s is refused at %s', (line, place, remedy) => {
  const text = line.startsWith('{') ? line : `${line}\nagreements: agreements\n`;
  const reading = parseRoom('room.yaml', text);
  const found = reading.kind === 'invalid' ? reading.findings : [];
  expect(found.map((finding) => `${finding.line}:${finding.column} ${finding.remedy}`)).toEqual([
    expect.stringMatching(`^${place} ${remedy}`),
  ]);
});

test('every mistake is found, with its line and column, in the order of the file', () => {
  const text = `region: Frankfurt
retention:
  deliveries: PT5H
  results: 30
  replaced: a month
  acessLogs: P1Y
account: 111122223333
`;
  const reading = parseRoom('rooms/eu.yaml', text);
  const found = reading.kind === 'invalid' ? reading.findings : [];
  expect(found.map(({ file, line, column, path }) => `${file}:${line}:${column} ${path}`)).toEqual([
    'rooms/eu.yaml:1:1 agreements',
    'rooms/eu.yaml:1:9 region',
    'rooms/eu.yaml:3:15 retention.deliveries',
    'rooms/eu.yaml:4:12 retention.results',
    'rooms/eu.yaml:5:13 retention.replaced',
    'rooms/eu.yaml:6:3 retention.acessLogs',
    'rooms/eu.yaml:7:10 account',
  ]);
  expect(found.map(({ remedy }) => remedy)).toContainEqual(expect.stringContaining('Did you mean `accessLogs`?'));
});

test.each([
  '',
  '# nothing yet\n',
  '- agreements\n',
  'agreements: [',
  'agreements: a\nagreements: b\n',
  'agreements:\n',
])('is refused without an exception: %j', (text) => {
  expect(parseRoom('room.yaml', text)).toMatchObject({ kind: 'invalid', findings: [{ file: 'room.yaml' }] });
});

test('an empty file is told what it lacks', () => {
  expect(parseRoom('room.yaml', '# agreements: agreements\n')).toMatchObject({
    kind: 'invalid',
    findings: [{ line: 1, problem: '`agreements` is missing', remedy: expect.stringContaining('Name the folder') }],
  });
});
