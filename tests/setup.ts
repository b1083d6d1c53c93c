import { setFlagsFromString } from 'node:v8';
import fc from 'fast-check';

// Where V8 of Node 20 has inlined a call to WebAssembly, here Cedar's, it may end the whole process.
setFlagsFromString('--no-turbo-inline-js-wasm-calls');

// Template tests without validation and bundling run in a quarter of a second instead of five; both are on in `cdk synth`.
process.env.CDK_VALIDATION = 'false';
process.env.CDK_CONTEXT_JSON = JSON.stringify({ 'aws:cdk:bundling-stacks': [] });

// The same cases in every run: what fails here fails there. FAST_CHECK_SEED=7 npm test looks elsewhere.
fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 20_261_123) });
