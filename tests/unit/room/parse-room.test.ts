import { parseRoom } from '../../../lib/domain/room/parse-room';

test('what is left out has a default', () => {
  expect(parseRoom('room.yaml', 'agreements: agreements\n')).toMatchObject({
    kind: 'valid',
    room: { agreements: 'agreements', retention: { deliveries: 30, results: 30, replaced: 30, accessLogs: 365 } },
  });
});

test('everything can be said', () => {
  const text = `
account: "111122223333"
region: us-gov-west-1
agreements: ../agreements
retention: { deliveries: P2W, results: P1D, replaced: P1M, accessLogs: P7Y }
`;
  expect(parseRoom('room.yaml', text)).toMatchObject({
    kind: 'valid',
    room: {
      account: '111122223333',
      region: 'us-gov-west-1',
      agreements: '../agreements',
      retention: { deliveries: 14, results: 1, replaced: 28, accessLogs: 2556 },
    },
  });
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
