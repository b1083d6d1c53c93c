import fc from 'fast-check';
import { planRevision, type SeenJob, type SeenRevision } from '../../../../lib/domain/exchange/rounds/plan-revision';

const files = (count: number) => Array.from({ length: count }, (_, index) => `r/${index}.parquet`);
const wanted = (count: number) => ({ release: 'r', bucket: 'lake', keys: files(count) });
const seen = (fields: Partial<SeenRevision> = {}): SeenRevision => ({
  id: 'rev',
  isFinal: false,
  isRevoked: false,
  assets: [],
  jobs: [],
  ...fields,
});
const range = (count: number) => [...Array(count).keys()];
const kinds = (count: number, revision?: SeenRevision) => planRevision(wanted(count), revision).map(({ kind }) => kind);

test.each([
  ['nothing is there', 1, undefined, ['create-revision']],
  ['an empty revision', 1, seen(), ['create-job']],
  ['250 files', 250, seen(), ['create-job', 'create-job', 'create-job']],
  ['a job that was made and not started', 1, seen({ jobs: [job('WAITING', 0, 1)] }), ['start-job']],
  ['a job under way', 1, seen({ jobs: [job('IN_PROGRESS', 0, 1)] }), ['wait']],
  ['one failed import', 1, seen({ jobs: [job('ERROR', 0, 1)] }), ['create-job']],
  ['an import that failed thrice', 1, seen({ jobs: [1, 2, 3].map(() => job('ERROR', 0, 1)) }), ['failed']],
  ['everything imported', 2, seen({ assets: files(2) }), ['prepared']],
  [
    'everything imported, and a job under way',
    1,
    seen({ assets: files(1), jobs: [job('IN_PROGRESS', 0, 1)] }),
    ['wait'],
  ],
  ['a finalised one', 2, seen({ assets: files(2), isFinal: true }), ['finalised']],
  ['a finalised one that lacks a file', 2, seen({ assets: files(1), isFinal: true }), ['failed']],
  ['another release’s asset', 1, seen({ assets: ['other.csv'] }), ['delete-revision']],
  ['the same in a finalised one', 1, seen({ assets: ['r/0.parquet', 'other.csv'], isFinal: true }), ['failed']],
  [
    'another release’s job that was not started',
    1,
    seen({ jobs: [job('WAITING', 1, 2)] }),
    ['cancel-job', 'delete-revision'],
  ],
  [
    'another release’s job under way',
    1,
    seen({ jobs: [job('IN_PROGRESS', 1, 2), job('WAITING', 1, 2)] }),
    ['cancel-job', 'wait'],
  ],
  ['another release’s jobs that have ended without an asset', 1, seen({ jobs: [job('ERROR', 1, 2)] }), ['create-job']],
  ['a revoked one', 1, seen({ assets: files(1), isFinal: true, isRevoked: true }), ['failed']],
  ['more files than a revision takes', 10_001, undefined, ['failed']],
  ['no files', 0, undefined, ['failed']],
] as const)('%s', (_, count, revision, expected) => {
  expect(kinds(count, revision)).toEqual(expected);
});

test.each([
  ['one place left: one more is made', 250, [], 9, ['create-job']],
  [
    'one place left: one that was made is started',
    250,
    [job('WAITING', 0, 100), job('WAITING', 100, 200)],
    9,
    ['start-job'],
  ],
  ['none left', 250, [], 10, ['wait']],
  ['none left, for one that was made', 1, [job('WAITING', 0, 1)], 12, ['wait']],
  [
    'own jobs that a list does not tell of yet',
    1500,
    range(9).map((at) => job('IN_PROGRESS', at * 100, at * 100 + 100)),
    0,
    ['create-job'],
  ],
] as const)('jobs of other revisions count too: %s', (_, count, jobs, inProgress, expected) => {
  expect(planRevision(wanted(count), seen({ jobs }), inProgress).map(({ kind }) => kind)).toEqual(expected);
});

test('never more than ten jobs at once, nor a hundred files in one, and every file gets there once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1500 }), fc.infiniteStream(fc.nat(9)), (count, draws) => {
      let revision = seen();
      let made = 0;
      for (let round = 0; round < 400; round++) {
        const steps = planRevision(wanted(count), revision);
        if (steps[0]?.kind === 'prepared') break;
        const jobs = revision.jobs.map((each) => ({ ...each }));
        for (const step of steps) {
          if (step.kind === 'create-job') {
            expect(step.keys.length).toBeLessThanOrEqual(100);
            jobs.push({ id: `job-${made++}`, state: 'WAITING', keys: step.keys });
          }
          if (step.kind === 'start-job') jobs.find(({ id }) => id === step.job)!.state = 'IN_PROGRESS';
        }
        expect(jobs.filter(({ state }) => state === 'IN_PROGRESS').length).toBeLessThanOrEqual(10);
        const done: string[] = [];
        for (const each of jobs)
          if (each.state === 'IN_PROGRESS' && draws.next().value! < 5) {
            each.state = 'COMPLETED';
            done.push(...each.keys);
          }
        expect(done.filter((key) => revision.assets.includes(key))).toEqual([]);
        revision = seen({ assets: [...revision.assets, ...done], jobs });
      }
      expect(new Set(revision.assets)).toEqual(new Set(files(count)));
    }),
    { numRuns: 8 },
  );
});

function job(state: SeenJob['state'], from: number, to: number): SeenJob {
  return { id: `${state}-${from}`, state, keys: files(to).slice(from) };
}
