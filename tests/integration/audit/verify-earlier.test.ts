import { join } from 'node:path';
import { DECIDED } from '../../../lib/audit/grounds/party-decisions';
import { RECORD_FILES } from '../../../lib/audit/grounds/record-folder';
import { verifyEarlier } from '../../../lib/audit/verify/verify-earlier';
import { decide } from '../../unit/audit/attribution/agreements';
import { makeFolder, put } from './audit-trial';

/** A decision as the registry keeps it. */
const decision = (id: string, at: string, change: object = {}) => ({
  pk: 'decisions#swap',
  sk: `decision#${at}#${id}`,
  revision: 1,
  record: { id, at, effect: 'permit', agreement: { id: 'swap', version: 1 }, ...change },
});
const FIRST = decision('one', '2026-02-01T00:00:00.000Z');
const SECOND = decision('two', '2026-02-20T00:00:00.000Z');
const LATER = decision('three', '2026-03-02T00:00:00.000Z');
/** What changes, and may. */
const CURRENT = { pk: 'agreement#swap', sk: 'current', revision: 3, record: { agreement: 'swap', state: 'active' } };
const GIVEN = { id: 'from a file', at: '2026-02-03T00:00:00Z', effect: 'forbid' };

function makePack(produced: string, registry: readonly object[], given: readonly object[] = [GIVEN]): string {
  const folder = makeFolder();
  const lines = (values: readonly object[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
  put(folder, join('record', RECORD_FILES.registry), lines(registry));
  put(folder, join('record', RECORD_FILES.decisions), lines(given));
  put(folder, 'report.json', JSON.stringify({ header: { produced } }));
  return folder;
}

const EARLIER = makePack('2026-03-01T00:00:00Z', [FIRST, SECOND, CURRENT]);
const told = async (registry: readonly object[], given: readonly object[] = [GIVEN]) =>
  (await verifyEarlier(makePack('2026-04-01T00:00:00Z', registry, given), [EARLIER])).findings.map(({ problem }) =>
    problem.replace(` ${EARLIER}`, '').replace(/^decision (decisions#swap decision#\S*#)?/, ''),
  );

it('takes decisions that were added, and what else may change', async () => {
  expect(await told([FIRST, SECOND, LATER, { ...CURRENT, revision: 4 }])).toEqual([]);
});

it.each<[string, readonly object[], string]>([
  ['is gone', [FIRST, LATER], 'two is not there any more, and is in'],
  [
    'was rewritten',
    [FIRST, { ...SECOND, record: { ...SECOND.record, effect: 'forbid' } }],
    'two says something else than in',
  ],
  [
    'is dated back',
    [FIRST, SECOND, decision('invented', '2026-02-25T00:00:00.000Z')],
    'invented is dated before, and was not on record then, in',
  ],
  [
    'has no time',
    [FIRST, SECOND, decision('invented', 'never')],
    'invented is dated before, and was not on record then, in',
  ],
])('finds a decision that %s', async (_, registry, problem) => {
  expect(await told(registry)).toEqual([problem]);
});

it('holds decisions that a file gave to the same', async () => {
  expect(await told([FIRST, SECOND], [])).toEqual(['from a file is not there any more, and is in']);
  expect(await told([FIRST, SECOND], [{ ...GIVEN, effect: 'permit' }])).toEqual([
    'from a file says something else than in',
  ]);
});

describe('a party’s own pack', () => {
  const permit = decide({ id: 'one', at: '2026-02-01T00:00:00Z' });
  const { agreement } = permit;
  const next = { ...permit, agreement: { ...agreement, version: agreement.version + 1 } };
  const makeOwn = (produced: string, decisions: readonly object[]) => {
    const folder = makeFolder();
    put(folder, DECIDED, decisions.map((each) => `${JSON.stringify(each)}\n`).join(''));
    put(folder, 'report.json', JSON.stringify({ header: { produced }, agreements: [agreement] }));
    return folder;
  };
  const earlier = makeOwn('2026-03-01T00:00:00Z', [permit]);

  it.each<[string, readonly object[], string | undefined]>([
    ['takes what was added', [permit, decide({ id: 'two', at: '2026-03-02T00:00:00Z' })], undefined],
    ['takes what follows from a version that came later', [permit, next], undefined],
    ['finds what is gone', [], 'is not there any more'],
    ['finds what was rewritten', [{ ...permit, clause: '9.9' }], 'says something else'],
    ['finds what is dated back', [permit, decide({ id: 'two', at: '2026-02-02T00:00:00Z' })], 'is dated before'],
  ])('%s', async (_, decisions, problem) => {
    const { findings, checked } = await verifyEarlier(makeOwn('2026-04-01T00:00:00Z', decisions), [earlier]);
    expect(checked).toEqual([expect.stringMatching(/^1 decision on record/)]);
    expect(findings).toEqual(
      problem === undefined ? [] : [{ file: DECIDED, problem: expect.stringContaining(problem) }],
    );
  });
});
