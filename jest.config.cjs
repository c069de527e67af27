/** One transform for every server test: the same legacy decorators and metadata that tsc emits. */
const transform = {
  '^.+\\.(ts|mjs|js)$': [
    '@swc/jest',
    {
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      },
      module: { type: 'commonjs' },
    },
  ],
};

const shared = {
  rootDir: 'server',
  testEnvironment: 'node',
  // a dynamic import names the compiled file
  moduleNameMapper: { '/libsqlDriver.js$': '<rootDir>/src/database/sqlite/libsqlDriver.ts' },
  transform,
  // ES modules without a CommonJS build, which jest has to translate
  transformIgnorePatterns: ['/node_modules/(?!(jose)/)'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
};

/** The client's logic, without a browser: ES modules for Vite, CommonJS for jest. */
const client = {
  rootDir: 'client',
  displayName: 'client',
  testEnvironment: 'node',
  testMatch: ['<rootDir>/{sdk,service-worker,react,playground,console}/**/*.test.ts'],
  transform: {
    '^.+\\.graphql$': '<rootDir>/build/jestGraphqlDocument.cjs',
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'automatic' } },
        },
        module: { type: 'commonjs' },
      },
    ],
  },
};

module.exports = {
  projects: [
    client,
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/{src,chaos}/**/*.test.ts'] },
    { ...shared, displayName: 'component', testMatch: ['<rootDir>/test/component/**/*.test.ts'] },
    { ...shared, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
    { ...shared, displayName: 'browser', testMatch: ['<rootDir>/test/browser/**/*.test.ts'] },
  ],
  testTimeout: 60_000,
  // most of these tests wait for processes and time-outs, also where one core is all that jest would take
  maxWorkers: 2,
};
