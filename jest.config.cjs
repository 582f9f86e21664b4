/** Packages that ship ES modules only, which jest has to transform. */
const ES_MODULES = [
  "@ai-sdk/(?:anthropic|gateway|openai|provider|provider-utils)",
  "@marcbachmann/cel-js",
  "@kubernetes/client-node",
  "@workflow/serde",
  "ai",
  "eventsource-parser",
  "jose",
  "jsonpath-plus",
  "oauth4webapi",
  "openid-client",
];

const project = (displayName, ...testMatch) => ({
  displayName,
  rootDir: __dirname,
  testMatch: testMatch.map((pattern) => `<rootDir>/${pattern}`),
  transform: {
    "\\.[jt]s$": ["@swc/jest", { jsc: { target: "es2024", parser: { syntax: "typescript" } } }],
  },
  moduleNameMapper: { "^envoy-ai-gateway$": "<rootDir>/components/typed/index.ts" },
  transformIgnorePatterns: [`/node_modules/(?!(${ES_MODULES.join("|")})/)`],
});

/** @type {import("jest").Config} */
module.exports = {
  // A bound for what hangs, far above what any test takes: machines are shared and slow.
  testTimeout: 60_000,
  projects: [
    project("unit", "runtime/**/*.test.ts", "test/support/**/*.test.ts"),
    project("contract", "test/contract/**/*.test.ts"),
    project("components", "components/**/*.test.ts", "test/components/**/*.test.ts"),
    project("dataplane", "test/dataplane/**/*.test.ts"),
    project("crds", "test/crds/**/*.test.ts"),
    project("controlplane", "test/controlplane/**/*.test.ts"),
    project("e2e", "test/e2e/**/*.test.ts"),
  ],
};
