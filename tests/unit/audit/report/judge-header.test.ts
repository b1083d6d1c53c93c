import type { TrailFinding } from '../../../../lib/domain/audit/integrity/trail-finding';
import type { AuditedIntegrity } from '../../../../lib/domain/audit/report/audit-header';
import { describeBroken } from '../../../../lib/domain/audit/report/find-finding-exceptions';
import { judgeHeader, type LogGrounds, type ToldOfLogs } from '../../../../lib/domain/audit/report/judge-header';
import type { ReportedException } from '../../../../lib/domain/audit/report/reported-exception';

const TRAIL = { trail: 'room', account: '111122223333', region: 'eu-central-1' };
const OTHER = { ...TRAIL, trail: 'other' };
const at = (time: string) => `2026-03-01T${time}:00Z`;
const PERIOD = { from: at('00:00'), to: '2026-03-02T00:00:00Z' };
const INTACT = {
  kind: 'intact',
  digests: { given: 12, believed: 12 },
  logs: { given: 12, believed: 12 },
  findings: [],
  findingsBeyond: 0,
} as const;
const GROUNDS: LogGrounds = { delivered: [], digests: 0, digested: [], exceptions: [] };

/** What is said of a watermark at each time. */
function judgeAll(told: ToldOfLogs['coverage'], integrity: ToldOfLogs['header']['integrity'], grounds = GROUNDS) {
  return (times: readonly string[]) =>
    times.map((time) => {
      const header = { period: PERIOD, watermark: time, trails: [TRAIL], integrity };
      return judgeHeader({ header, coverage: told }, grounds).flatMap(
        (problem) => /watermark is too (\w+)/.exec(problem)?.[1] ?? [],
      )[0];
    });
}

test('with digests, what they cover shows until when it can have been judged', () => {
  const run = (
    trail: typeof TRAIL,
    from: string,
    hours: number,
    state: 'validated' | 'partly-validated' | 'silent',
  ) => ({
    ...trail,
    ...{ from: at(from), hours, state },
  });
  const times = ['11:44', '11:45', '11:46', '12:44', '12:45', '12:46', '23:45'].map(at);
  const whole = [run(TRAIL, '00:00', 12, 'validated'), run(TRAIL, '12:00', 12, 'silent')];
  const none = undefined;
  expect(judgeAll(whole, INTACT)(times)).toEqual(['early', none, 'late', 'late', 'late', 'late', 'late']);
  // The last digest ends somewhere in that hour.
  const part = [run(TRAIL, '00:00', 12, 'validated'), run(TRAIL, '12:00', 1, 'partly-validated')];
  expect(judgeAll(part, INTACT)(times)).toEqual(['early', none, none, none, none, 'late', 'late']);
  // The trail that ends first counts.
  const two = [run(TRAIL, '00:00', 24, 'validated'), ...whole.map((each) => ({ ...each, ...OTHER }))];
  expect(judgeAll(two, INTACT)(times)).toEqual(['early', none, 'late', 'late', 'late', 'late', 'late']);
});

test('digests that cover the last hour of a period may reach beyond it', () => {
  const whole = [{ ...TRAIL, from: at('00:00'), hours: 24, state: 'validated' as const }];
  expect(judgeAll(whole, INTACT)([at('23:44'), at('23:45'), PERIOD.to, '2026-03-02T00:01:00Z'])).toEqual([
    'early',
    undefined,
    undefined,
    'late',
  ]);
});

test('without digests, the last log file that was delivered does', () => {
  const delivered = ['09:05', '12:00'].map((time) => ({ ...TRAIL, delivered: at(time) }));
  const judge = judgeAll([], { kind: 'not-checked' }, { ...GROUNDS, delivered });
  expect(judge([at('11:44'), at('11:45'), at('11:46')])).toEqual(['early', undefined, 'late']);
});

test('without names of log files, the last access does, or what the room did itself later', () => {
  const judge = judgeAll([], { kind: 'not-checked' }, { ...GROUNDS, lastAccess: at('12:00') });
  expect(judge([at('11:44'), at('11:45'), PERIOD.to, '2026-03-02T00:01:00Z'])).toEqual([
    'early',
    undefined,
    undefined,
    'late',
  ]);
});

test('a digest of what came late, by its name, says nothing of until when all was told', () => {
  const whole = [{ ...TRAIL, from: at('00:00'), hours: 12, state: 'validated' as const }];
  const name = { ...TRAIL, homeRegion: TRAIL.region, end: at('18:00') };
  const judge = (backfill: boolean) => judgeAll(whole, INTACT, { ...GROUNDS, digested: [{ ...name, backfill }] });
  expect([false, true].map((backfill) => judge(backfill)([at('17:45')]))).toEqual([[undefined], ['late']]);
});

describe('what is said of digests', () => {
  const missing: TrailFinding = { kind: 'missing-log', file: 'a', field: 'logFiles', detail: 'It is not there.' };
  const other: TrailFinding = { ...missing, file: 'b' };
  const late: TrailFinding = { ...missing, kind: 'undigested-log' };
  const BROKEN = { ...INTACT, kind: 'broken', findings: [missing] } as const;
  const exceptionsOf = (...findings: readonly TrailFinding[]): readonly ReportedException[] =>
    findings.map((finding) => ({
      kind: 'broken-integrity',
      severity: 'gap',
      at: PERIOD.from,
      detail: describeBroken(finding),
      evidence: [],
    }));
  const judge = (integrity: AuditedIntegrity, grounds: Partial<LogGrounds>) => {
    const header = { period: PERIOD, watermark: at('23:45'), trails: [TRAIL], integrity };
    return judgeHeader({ header, coverage: [] }, { ...GROUNDS, ...grounds }).filter((each) =>
      /its digests|made of some/.test(each),
    );
  };
  const OTHERWISE = ['what it says of its digests is not what its exceptions and its list of files say'];
  const none = { given: 0, believed: 0 };

  test.each([
    ['that none were checked, where there are none', { kind: 'not-checked' }, {}, []],
    [
      'that none were checked, where there are some',
      { kind: 'not-checked' },
      { digests: 12 },
      ['it says that no digests were checked, and was made of some'],
    ],
    [
      'that none were checked, where one is told to be broken',
      { kind: 'not-checked' },
      { exceptions: exceptionsOf(missing) },
      ['it says that no digests were checked, and was made of some'],
    ],
    ['that all is whole', INTACT, { digests: 12 }, []],
    ['that all is whole, but for what may be in an honest trail', { ...INTACT, findings: [late] }, { digests: 12 }, []],
    ['that all is whole, of other digests', INTACT, { digests: 11 }, OTHERWISE],
    ['that all is whole, of none', { ...INTACT, digests: none }, {}, OTHERWISE],
    [
      'that all is whole, where one is told to be broken',
      { ...INTACT, findings: [missing] },
      { digests: 12 },
      OTHERWISE,
    ],
    ['what is broken, and is an exception', BROKEN, { digests: 12, exceptions: exceptionsOf(missing) }, []],
    ['what is broken, and is no exception', BROKEN, { digests: 12 }, OTHERWISE],
    [
      'what is broken, where more is an exception',
      BROKEN,
      { digests: 12, exceptions: exceptionsOf(missing, other) },
      OTHERWISE,
    ],
    [
      'what is broken, of which a part alone is shown',
      { ...BROKEN, findingsBeyond: 1 },
      { digests: 12, exceptions: exceptionsOf(missing, other) },
      [],
    ],
  ] as const)('%s', (_, integrity, grounds, problems) => {
    expect(judge(integrity, grounds)).toEqual(problems);
  });
});
