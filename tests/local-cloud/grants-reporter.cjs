const { mkdtempSync, readdirSync, readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const EXPLAINED = require('./unused-grants.json');

const TESTS = join(__dirname, '../integration');

/**
 * After a run: what the roles of functions, workflows and jobs allow, and no test asked for. Rooms on this machine leave what
 * they saw in the folder that `BARTER_GRANTS` names; see `noteGrants`. A run of all integration tests fails where a grant is
 * unused and not explained in `unused-grants.json`, or explained and used, or gone: a shorter run shows nothing of that. The folder
 * of `BARTER_BUNDLES` holds what `bundle-once` makes for the run.
 */
module.exports = class GrantsReporter {
  onRunStart() {
    this.folder = mkdtempSync(join(tmpdir(), 'barter-grants-'));
    process.env.BARTER_GRANTS = this.folder;
    this.bundles = mkdtempSync(join(tmpdir(), 'barter-bundles-'));
    process.env.BARTER_BUNDLES = this.bundles;
  }

  onRunComplete(_contexts, results) {
    const files = readdirSync(this.folder);
    const grants = mergeGrants(files.map((file) => JSON.parse(readFileSync(join(this.folder, file), 'utf8'))));
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(this.bundles, { recursive: true, force: true });
    if (files.length === 0) return;
    const unused = grants.filter(({ isUsed }) => !isUsed);
    const faults = [
      ...unused.filter((grant) => explain(grant) === undefined).map((grant) => `unused: ${nameGrant(grant)}`),
      ...Object.keys(EXPLAINED)
        .filter((name) => !unused.some((grant) => explain(grant) === name))
        .map((name) => `explained in unused-grants.json, and used or granted nowhere: ${name}`),
    ];
    const isWhole = isWholeRun(results);
    const verdict = isWhole ? `${faults.length} faults` : 'a part of the tests ran, so that nothing follows';
    const lines = [`Grants: ${grants.length} in ${files.length} rooms, ${unused.length} unused; ${verdict}.`];
    process.stderr.write(`\n${[...lines, ...(isWhole ? faults.map((fault) => `  ${fault}`) : [])].join('\n')}\n`);
    if (isWhole && faults.length > 0)
      this.error = new Error(
        'Roles grant what nothing needs, or unused-grants.json is out of date. Remove the grant, use it in a test, or explain it.',
      );
  }

  /** Jest asks for it when all is over, and fails the run. */
  getLastError() {
    return this.error;
  }
};

/** @param rooms grants of each: a grant that is used in one room is used */
function mergeGrants(rooms) {
  const grants = new Map();
  for (const grant of rooms.flat()) {
    const before = grants.get(nameGrant(grant));
    grants.set(nameGrant(grant), { ...grant, isUsed: grant.isUsed || before?.isUsed === true });
  }
  return [...grants.values()].sort((a, b) => (nameGrant(a) < nameGrant(b) ? -1 : 1));
}

function nameGrant({ caller, action, resource }) {
  return `${caller} ${action} ${resource}`;
}

/** The entry that explains a grant: of one role alone, or of the action, whoever has it. */
function explain({ caller, action, resource }) {
  return [`${caller} ${action} ${resource}`, `${caller} ${action}`, action].find((name) => name in EXPLAINED);
}

/** Every file, every test in it, and all of them passed: a test that failed may not have come to its calls. */
function isWholeRun({ testResults, numPendingTests, numFailedTests, numRuntimeErrorTestSuites }) {
  if (numPendingTests + numFailedTests + numRuntimeErrorTestSuites > 0) return false;
  const ran = new Set(testResults.map(({ testFilePath }) => testFilePath));
  return readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .every((file) => ran.has(join(TESTS, file)));
}
