#!/usr/bin/env node
// Runs barter.ts in place; there is no build step to forget.
require('tsx/cjs');
require('./barter.ts');
