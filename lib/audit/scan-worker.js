// Workers do not inherit the loader that bin/barter.js puts in place.
require('tsx/cjs');
require('./scan-worker.ts');
