// Tests leave much garbage at once: with room for it, it is collected less often.
process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --max-semi-space-size=64`;

// Jest looks a global up anew at every use, which makes loops over numbers many times slower than they are.
const GLOBALS = [
  ...['Math', 'Number', 'BigInt', 'String', 'RegExp', 'Symbol', 'Date', 'JSON', 'Error', 'Promise'],
  ...['Object', 'Reflect', 'Array', 'Map', 'Set', 'Buffer', 'DataView'],
  ...['Uint8Array', 'Uint32Array', 'Int32Array', 'Float64Array'],
];

const shared = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.ts$|/@noble/.+\\.js$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, sourceMaps: 'inline' },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/out', '<rootDir>/.venv'],
  // Packages of ECMAScript modules alone become CommonJS, as everything else is.
  transformIgnorePatterns: ['/node_modules/(?!@noble/)'],
  setupFiles: ['<rootDir>/tests/setup.ts'],
  sandboxInjectedGlobals: GLOBALS,
  moduleNameMapper: {
    // What zod says in fifty languages took a third of the time that a file of tests needs to load.
    '^\\.\\./locales/index\\.cjs$': '<rootDir>/node_modules/zod/v4/locales/en.cjs',
    '/bundle-handlers$': '<rootDir>/tests/local-cloud/bundle-once.ts',
  },
};

// unit: the domain and what reads it, seconds. properties: what holds for whatever is drawn, of the same, a minute. templates: rooms, synthesized. integration: real DuckDB, Spark, files, processes and a browser.
module.exports = {
  projects: [
    {
      ...shared,
      displayName: 'unit',
      runner: require.resolve('./tests/unit-runner.mjs'),
      setupFiles: ['<rootDir>/tests/bare-node.mjs', ...shared.setupFiles],
      testMatch: ['<rootDir>/tests/unit/**/*.test.ts'],
      testPathIgnorePatterns: ['\\.properties\\.test\\.ts$'],
    },
    { ...shared, displayName: 'properties', testMatch: ['<rootDir>/tests/unit/**/*.properties.test.ts'] },
    { ...shared, displayName: 'templates', testMatch: ['<rootDir>/tests/templates/**/*.test.ts'] },
    { ...shared, displayName: 'integration', testMatch: ['<rootDir>/tests/{integration,attacks}/**/*.test.ts'] },
  ],
  reporters: ['default', '<rootDir>/tests/local-cloud/grants-reporter.cjs'],
  // Jest leaves a core idle by default; on two cores that doubles the wait.
  maxWorkers: '100%',
  testTimeout: 60_000,
};
