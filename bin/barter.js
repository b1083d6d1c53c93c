#!/usr/bin/env node
// Runs barter.ts in place; there is no build step to forget.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

if (existsSync(join(__dirname, '../node_modules/tsx'))) {
  require('tsx/cjs');
  require('./barter.ts');
} else {
  console.error('The packages are not installed yet. Run "npm start" (or "npm install") in the checkout first.');
  process.exitCode = 1;
}
