#!/usr/bin/env node
// Runs barter.ts; there is no build step to forget. At the first call, and again once a source has changed, all of it is put
// together in one file: a call then begins in a quarter of the time that it takes to find and translate every source.
const { createHash } = require('node:crypto');
const { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync, utimesSync } = require('node:fs');
const { join } = require('node:path');

const ROOT = join(__dirname, '..');
const CACHE = join(ROOT, 'node_modules/.cache/barter');
/** What is put together: the command, and its threads. */
const PARTS = {
  barter: join(ROOT, 'bin/barter.ts'),
  'scan-worker': join(ROOT, 'lib/audit/threads/scan-worker.ts'),
  'table-worker': join(ROOT, 'lib/audit/threads/table-worker.ts'),
};
/** What they are made of, with the libraries of the lock file. */
const SOURCES = ['bin', 'lib', 'cdk.json', 'package.json', 'package-lock.json'];
/** Libraries that load native code, WebAssembly or files beside them, or are slow to load and seldom wanted. */
const APART = ['@aws-sdk/*', '@cedar-policy/*', '@duckdb/*', 'aws-cdk-lib', 'cdk-nag', 'constructs', 'esbuild'];
/** Milliseconds that a call may go on by what it began with. */
const KEPT_FOR = 24 * 60 * 60 * 1000;

if (existsSync(join(ROOT, 'node_modules/tsx'))) {
  runBarter();
} else {
  console.error('The packages are not installed yet. Run "npm start" (or "npm install") in the checkout first.');
  process.exitCode = 1;
}

function runBarter() {
  if (process.argv.includes('--debug')) process.setSourceMapsEnabled(true);
  const folder = join(CACHE, hashSources());
  if (existsSync(folder) || putTogether(folder)) {
    noteUse(folder);
    require(join(folder, 'barter.js'));
  } else {
    // Nothing can be written here, or a source is wrong, which this way tells.
    require('tsx/cjs');
    require('./barter.ts');
  }
}

/** By names, lengths and times. */
function hashSources() {
  const hash = createHash('sha256');
  const add = (path) => {
    // An editor's own files come and go, and some are links to nothing.
    const stat = lstatSync(join(ROOT, path), { throwIfNoEntry: false });
    if (!stat?.isDirectory()) return hash.update(`${path} ${stat?.size} ${stat?.mtimeMs}\n`);
    for (const name of readdirSync(join(ROOT, path)).sort()) add(join(path, name));
  };
  for (const path of SOURCES) add(path);
  return hash.digest('hex');
}

/** What was used of late stays, whatever is put together meanwhile. */
function noteUse(folder) {
  try {
    utimesSync(folder, new Date(), new Date());
  } catch {
    // Where nothing can be written, nothing is removed either.
  }
}

/** Appears whole or not at all. @returns whether it is there */
function putTogether(folder) {
  const draft = `${folder}-${process.pid}`;
  try {
    mkdirSync(CACHE, { recursive: true });
    const options = { bundle: true, platform: 'node', target: 'node20', sourcemap: true, logLevel: 'silent' };
    require('esbuild').buildSync({ ...options, entryPoints: PARTS, outdir: draft, external: APART });
    renameSync(draft, folder);
    for (const name of readdirSync(CACHE)) {
      const path = join(CACHE, name);
      if (path !== folder && Date.now() - lstatSync(path).mtimeMs > KEPT_FOR) rmSync(path, { recursive: true });
    }
  } catch {
    // Another call was first, nothing can be written here, or a source is wrong.
    if (existsSync(draft)) rmSync(draft, { recursive: true });
  }
  return existsSync(folder);
}
