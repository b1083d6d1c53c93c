import { parseArgs } from 'node:util';
import { benchAudit } from './audit';
import { benchAuditMemory } from './audit-memory';
import { benchBreach } from './breach';
import { benchDecisions } from './decide';
import { benchFunctions } from './functions';
import { benchLedger } from './ledger';
import { benchPipeline } from './pipeline';
import { benchReconcile } from './reconcile';
import { benchSolver } from './solver';
import { benchSpark } from './spark';
import { benchStacks } from './stacks';

/**
 * `npm run bench [-- --rows 1000000,10000000 --adult FOLDER]`: every figure beside its baseline, in one run. The Adult data
 * are not part of the project; without them the solver runs on a generated census of the same shape.
 */
async function runBenches(): Promise<void> {
  const { values } = parseArgs({
    options: { rows: { type: 'string' }, events: { type: 'string' }, adult: { type: 'string' } },
  });
  console.log('Solver: least-loss generalisation, against looking at every node\n');
  await benchSolver(values.adult);
  console.log('\nPipeline: clean, count, solve, release and measure, against a plain scan-and-write\n');
  await benchPipeline({ rows: (values.rows ?? '1000000,10000000').split(',').map(Number) });
  console.log('\nThe Glue job: both runs and the solver in local Spark, against its own plain scan-and-write\n');
  await benchSpark();
  console.log('\nDecisions: by policies, against plain comparisons\n');
  benchDecisions();
  console.log('\nBreaches: from the event until the receiver is shut out, on a local cloud\n');
  await benchBreach();
  console.log('\nFunctions: from import until ready to answer, against an empty module\n');
  benchFunctions();
  console.log('\nReconciler: 1,000 entitlements on the local cloud, against the calls of the services alone\n');
  await benchReconcile();
  console.log('\nStacks: synthesis for more and more agreements, against growing in step with them\n');
  await benchStacks();
  console.log('\nLogs: a whole audit, against reading the same files and doing nothing with them\n');
  await benchAudit(Number(values.events ?? '1000000'));
  console.log('\nLogs: peak memory of an audit, by accesses of partners and by files\n');
  benchAuditMemory();
  console.log('\nLedger: appends and proofs, against a plain file and plain hashes\n');
  await benchLedger();
}

runBenches();
