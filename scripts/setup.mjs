// Brings a fresh clone to where it can run, and is done in a blink when nothing is missing.
//   node scripts/setup.mjs             the packages
//   node scripts/setup.mjs --browser   and a Chromium, which the tests of the report open it in
//   node scripts/setup.mjs --python    and the Python tools of requirements.txt, in .venv: cfn-lint, moto and Spark, with a Java to
//                                      run it and what it needs to reach S3
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

requireNode();
installPackages();
if (process.argv.includes('--browser')) installBrowser();
if (process.argv.includes('--python')) {
  installPython();
  installJava();
  installSparkJars();
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 20)) return;
  fail(`Barter Room needs Node.js 20.20 or newer; this is ${process.versions.node}.`);
}

/**
 * The stamp holds the lock file's hash: a changed lock file installs again, anything else does not. Not `npm ci`: it refuses a
 * lock file that lacks another platform's optional packages, which some registries do not carry.
 */
function installPackages() {
  const stamp = join(root, 'node_modules', '.setup-stamp');
  const wanted = hashFile('package-lock.json');
  if (isStamped(stamp, wanted)) return;
  console.error('Installing the packages (once; about a minute) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  run(npm, ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']) ||
    fail('npm install failed; its own message is above. Is the package registry within reach?');
  writeStamp(stamp, wanted);
}

function installBrowser() {
  const places = [
    process.env.CHROMIUM_PATH,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ];
  if (places.some((place) => place && existsSync(place))) return;
  const isRoot = process.getuid?.() === 0;
  if (isRoot && existsSync('/usr/bin/apt-get')) {
    console.error('Installing Chromium for the tests of the report (once) …');
    if (run('apt-get', ['-qq', 'update']) && run('apt-get', ['-qq', '-y', 'install', 'chromium'])) return;
  }
  fail('The tests open the report in Chromium or Chrome. Install one, or set CHROMIUM_PATH to it.');
}

/** Made anew when requirements.txt has changed, so that nothing stays that it no longer names. */
function installPython() {
  const venv = join(root, '.venv');
  const stamp = join(venv, '.setup-stamp');
  const wanted = hashFile('requirements.txt');
  if (isStamped(stamp, wanted)) return;
  if (!run('python3', ['-c', 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))']))
    fail(
      'The tests check the templates with cfn-lint, run `barter doctor` against moto, and the Glue job in Spark. ' +
        'Install Python 3.11 or newer as `python3`, with its venv module (Debian and Ubuntu: apt-get install python3-venv).',
    );
  console.error('Installing the Python tools of the tests (once; a minute) …');
  run('python3', ['-m', 'venv', '--clear', venv]) || fail('python3 -m venv failed; its own message is above.');
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps'];
  run(join(venv, 'bin', 'python'), [...pip, '--requirement', 'requirements.txt']) ||
    fail('pip install failed; its own message is above. Is the package index within reach?');
  writeStamp(stamp, wanted);
}

/** Spark 3.5 runs on Java 8, 11 and 17, and Glue 5.1 on 17. */
function installJava() {
  const java = process.env.JAVA_HOME === undefined ? 'java' : join(process.env.JAVA_HOME, 'bin', 'java');
  const { status, stderr = '' } = spawnSync(java, ['-version'], { encoding: 'utf8' });
  if (status === 0 && /version "(1\.8|11|17)[."]/.test(stderr)) return;
  const isRoot = process.getuid?.() === 0;
  if (isRoot && existsSync('/usr/bin/apt-get')) {
    console.error('Installing Java for Spark (once) …');
    if (run('apt-get', ['-qq', 'update']) && run('apt-get', ['-qq', '-y', 'install', 'openjdk-17-jre-headless']))
      return;
  }
  const found = /version "([^"]*)/.exec(stderr)?.[1];
  const other = found === undefined ? '' : `; ${java} is ${found}`;
  fail(`The tests run the Glue job in Spark, which needs Java 17${other}. Install it, or set JAVA_HOME to it.`);
}

/** Spark fetches them itself, from where it looks for packages. */
function installSparkJars() {
  const jars = join(root, '.venv', 'spark-jars');
  const stamp = join(jars, '.setup-stamp');
  const wanted = hashFile('spark-packages.txt');
  if (isStamped(stamp, wanted)) return;
  console.error('Fetching what Spark needs to reach S3 (once; half a minute) …');
  const python = join(root, '.venv', 'bin', 'python');
  run(python, ['scripts/fetch_spark_jars.py', 'spark-packages.txt', jars]) ||
    fail("Spark could not fetch its packages; its own message is above. Is Maven's central repository within reach?");
  writeStamp(stamp, wanted);
}

function hashFile(name) {
  return createHash('sha256')
    .update(readFileSync(join(root, name)))
    .digest('hex');
}

function isStamped(stamp, wanted) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
}

/** Anew, not into the one that is there: clones whose packages are linked to one another share it. */
function writeStamp(stamp, wanted) {
  rmSync(stamp, { force: true });
  writeFileSync(stamp, wanted);
}

/** Output goes to standard error, so that a command's own output stays clean. */
function run(command, args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { cwd: root, env, stdio: ['ignore', 2, 2] }).status === 0;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
