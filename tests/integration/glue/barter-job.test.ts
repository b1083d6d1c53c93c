import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

test('the Glue script checks its orders, and reads texts as the intake does', () => {
  const run = spawnSync('python3', [join(__dirname, 'barter_job_test.py')], { encoding: 'utf8' });
  expect({ status: run.status, stdout: run.stdout, stderr: run.status === 0 ? '' : run.stderr }).toEqual({
    status: 0,
    stdout: '',
    stderr: '',
  });
  expect(run.stderr).toMatch(/^Ran [1-9]\d* tests/m);
});
