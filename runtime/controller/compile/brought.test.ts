/** Credentials that requests bring along, as policies ask for them. */
import { backend, gateway, key, route, snapshot } from "../../../test/support/yaml-resources.ts";
import { decodeProgram } from "../../program/program.ts";
import { compile } from "./compile.ts";
import type { Plan } from "./plan.ts";

const ROUTE = route("[{backendRefs: [{name: a}]}]");
const OPENAI = backend("a");
const override = (text: string, secret = true): string =>
  key("a", secret).replace("  type:", `  credentialOverride: ${text}\n  type:`);
const AWS = (text: string): string => `
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: BackendSecurityPolicy
metadata: {name: a-key, namespace: default}
spec:
  type: AWSCredentials
  credentialOverride: ${text}
  targetRefs: [{group: aigateway.envoyproxy.io, kind: AIServiceBackend, name: a}]
  awsCredentials: {region: eu-central-1}
`;
const plan = (...texts: string[]): Plan =>
  compile(snapshot(gateway, ROUTE, ...texts), { platform: "standalone" });
const planned = (p: Plan) => p.gateways[0]?.rules[0]?.backends[0];

test("a header of the kind's own name, and the configured key where there is none", () => {
  const p = plan(OPENAI, override("{fromRequestHeaders: {}}"));
  expect(p.problems).toEqual([]);
  expect(planned(p)?.credential).toMatchObject({
    kind: "brought",
    source: { headers: ["x-aigw-api-key"] },
    as: { header: "authorization", prefix: "Bearer " },
    otherwise: { kind: "header", header: "authorization" },
  });
  expect(p.gateways[0]?.secrets.size).toBe(1);
});

test("where nothing configured serves, its Secret need not be there", () => {
  const p = plan(
    OPENAI,
    override("{fromRequestHeaders: {header: X-Key, fallbackToConfigured: false}}", false),
  );
  expect(p.problems).toEqual([]);
  expect(planned(p)?.credential).toEqual({
    kind: "brought",
    source: { headers: ["x-key"] },
    as: { header: "authorization", prefix: "Bearer " },
  });
});

test("an entry of the metadata", () => {
  const p = plan(OPENAI, override("{fromDynamicMetadata: {namespace: my.authz}}"));
  expect(planned(p)?.credential).toMatchObject({
    source: { namespace: "my.authz", key: "x-aigw-api-key" },
  });
});

test("keys of AWS go to ext_proc, which signs: in the translated lane, whatever else is", () => {
  const p = plan(OPENAI, AWS("{fromRequestHeaders: {header: x-t-, fallbackToConfigured: false}}"));
  expect(p.problems).toEqual([]);
  expect(p.gateways[0]?.rules[0]?.endpoints["chat-completions"]).toMatchObject({
    lane: "translated",
    reason: expect.stringContaining("bring the keys"),
  });
  const program = decodeProgram(planned(p)?.program ?? "");
  expect(program).toMatchObject({
    program: {
      sign: {
        region: "eu-central-1",
        service: "bedrock",
        keys: ["x-t-access-key-id", "x-t-secret-access-key", "x-t-session-token"],
      },
    },
  });
});

test.each([
  ["a header of the gateway's own", "{fromRequestHeaders: {header: x-ai-eg-model}}", "header"],
  ["no header", '{fromRequestHeaders: {header: "x key"}}', "header"],
  ["what Envoy would take apart", '{fromDynamicMetadata: {namespace: "a:b"}}', "neither spaces"],
  ["a key with a sign", '{fromDynamicMetadata: {namespace: a, key: "100%"}}', "neither spaces"],
])("%s: refused, and the backend left out", (_, text, says) => {
  const p = plan(OPENAI, override(text));
  expect(p.problems).toContainEqual(
    expect.objectContaining({
      kind: "BackendSecurityPolicy",
      reason: "InvalidValue",
      message: expect.stringContaining(says),
    }),
  );
  expect(planned(p)).toBeUndefined();
});
