const { mkdtempSync, readdirSync, readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const EXPLAINED = require('./unused-grants.json');

/**
 * After a run: what the roles of functions allow, and no test that ran asked for, of functions that were called at all. Rooms on
 * this machine leave what they saw in the folder that `BARTER_GRANTS` names; see `noteGrants`.
 */
module.exports = class GrantsReporter {
  onRunStart() {
    this.folder = mkdtempSync(join(tmpdir(), 'barter-grants-'));
    process.env.BARTER_GRANTS = this.folder;
  }

  onRunComplete() {
    const files = readdirSync(this.folder);
    const seen = files.map((file) => JSON.parse(readFileSync(join(this.folder, file), 'utf8')));
    rmSync(this.folder, { recursive: true, force: true });
    if (seen.length === 0) return;
    const used = new Set(seen.flatMap((each) => each.used));
    const called = new Set([...used].map((each) => each.split(' ')[0]));
    const granted = [...new Set(seen.flatMap((each) => each.granted))].sort();
    const unused = granted.filter((each) => {
      const [caller, action] = each.split(' ');
      return called.has(caller) && !used.has(each) && EXPLAINED[action] === undefined;
    });
    const never = [...new Set(granted.map((each) => each.split(' ')[0]))].filter((caller) => !called.has(caller));
    process.stderr.write(
      [
        `\nGrants: ${granted.length} of ${seen.length} rooms, ${unused.length} that no test of this run used:`,
        ...unused.map((each) => `  ${each}`),
        ...(never.length === 0 ? [] : [`Not called in this run: ${never.join(', ')}`]),
        '',
      ].join('\n'),
    );
  }
};
