import type { AuditHeader } from '../../../../lib/domain/audit/report/audit-header';
import { listForeignFunctions } from '../../../../lib/domain/audit/report/find-finding-exceptions';
import { listChanged } from '../../../../lib/domain/audit/report/list-changed';
import { listReliance } from '../../../../lib/domain/audit/report/list-reliance';

const INTACT = { kind: 'intact', findings: [], findingsBeyond: 0 } as const;
const COUNTS = { digests: { given: 1, believed: 1 }, logs: { given: 1, believed: 1 } };
const ALL = { registry: true, decisions: false, serverAccessLogs: true };
const CHANGED = { name: 'BarterRoomIntake-A', code: 'abc=', changed: '2026-03-02T00:00:00.000Z' };

const HEADER = {
  period: { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' },
  integrity: { ...INTACT, ...COUNTS },
  inputs: { files: 1, bytes: 1, sha256: '', given: ALL, listed: [] },
  room: { accounts: ['999900001111'], topology: 'hosted' },
} as const;

function rely(change: Partial<AuditHeader> = {}, given: Partial<AuditHeader['inputs']['given']> = {}) {
  return listReliance({
    ...HEADER,
    inputs: { ...HEADER.inputs, given: { ...ALL, ...given } },
    functions: [CHANGED],
    ...change,
  });
}

it('with all that can be given names the keys, the record, the names of roles and Lambda’s word', () => {
  expect(rely().map(({ on }) => on)).toEqual(['trail-keys', 'decisions', 'room-roles', 'code']);
});

it('without digests says whose word the logs are', () => {
  const [first] = rely({ integrity: { kind: 'not-checked' } });
  expect(first).toMatchObject({ on: 'log-files', sentence: expect.stringMatching(/A record of 999900001111 that/) });
});

it.each([
  ['S3’s own logs', { serverAccessLogs: false }, 'trail-alone', /a request that the trail leaves out/],
  ['the record', { registry: false }, 'agreements', /is taken from the files/],
  ['decisions other than a file', { registry: false, decisions: true }, 'decisions', /the word of whoever gave it/],
])('without %s says so', (_, given, on, sentence) => {
  expect(rely({}, given).filter((each) => each.on === on)).toEqual([{ on, sentence: expect.stringMatching(sentence) }]);
});

it('of no decision says nothing on whose word it is', () => {
  expect(rely({}, { registry: false }).map(({ on }) => on)).not.toContain('decisions');
});

it('without functions says that the code is not known', () => {
  expect(listReliance(HEADER).at(-1)?.sentence).toMatch(/was not given to this report/);
  expect(rely().at(-1)?.sentence).toMatch(/what Lambda said/);
});

it('names each time between the reports that it follows and its own', () => {
  const [january, february] = [
    { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' },
    { from: '2026-02-01T00:00:00Z', to: '2026-03-01T00:00:00Z' },
  ];
  const between = (...after: NonNullable<AuditHeader['after']>) =>
    rely({ after }).flatMap(({ on, sentence }) => (on === 'times-between' ? sentence : []));
  expect(between()).toEqual([]);
  expect(between(january, february)).toEqual([]);
  expect(between(february, january)).toEqual([]);
  // Within another it ends nothing.
  const week = { from: '2026-01-10T00:00:00Z', to: '2026-01-17T00:00:00Z' };
  expect(between(january, week, february)).toEqual([]);
  expect(between({ ...january, to: week.from }, week)).toEqual([
    expect.stringMatching(/^Of 2026-01-17T00:00:00Z to 2026-03-01T00:00:00Z neither/),
  ]);
  expect(between({ ...january, to: '2026-01-09T00:00:00Z' }, week, february)).toHaveLength(2);
});

it('counts a function as changed from the first moment of the period on', () => {
  expect(listChanged([CHANGED], '2026-03-02T00:00:00Z')).toEqual([CHANGED]);
  expect(listChanged([CHANGED], '2026-03-02T00:00:01Z')).toEqual([]);
});

it('a function that is not named as the room’s is an exception, and one that is is none', () => {
  const byHand = { ...CHANGED, name: 'BarterRoom-by-hand' };
  expect(listForeignFunctions([CHANGED, byHand], '2026-03-01T00:00:00Z')).toEqual([
    {
      kind: 'foreign-function',
      severity: 'gap',
      at: '2026-03-01T00:00:00Z',
      detail: expect.stringMatching(/^BarterRoom-by-hand, changed last at 2026-03-02T00:00:00.000Z; .* abc=\.$/),
      evidence: [],
    },
  ]);
});
