import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepare } from "../prepare.ts";
import { loadConfig } from "./load.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aigw-load-"));
});
afterAll(() => rm(folder, { recursive: true }));

const quickstart = `
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: ai}
spec: {controllerName: gateway.envoyproxy.io/gatewayclass-controller}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: ai, namespace: default}
spec:
  gatewayClassName: ai
  listeners: [{name: http, protocol: HTTP, port: 80}]
  infrastructure: {parametersRef: {group: gateway.envoyproxy.io, kind: EnvoyProxy, name: ai}}
---
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: ClientTrafficPolicy
metadata: {name: buffers, namespace: default}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: ai}]
  connection: {bufferLimit: 50Mi}
---
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: AIGatewayRoute
metadata: {name: chat, namespace: default}
spec:
  parentRefs: [{name: ai, kind: Gateway, group: gateway.networking.k8s.io}]
  rules:
    - matches: [{headers: [{type: Exact, name: x-ai-eg-model, value: small-one}]}]
      backendRefs: [{name: first, priority: 0}, {name: second, priority: 1}]
  llmRequestCosts:
    - {metadataKey: llm_input_token, type: InputToken}
    - {metadataKey: llm_weighted, type: CEL, cel: "input_tokens == uint(3) ? 100 : 0"}
---
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: AIServiceBackend
metadata: {name: first, namespace: default}
spec:
  schema: {name: OpenAI}
  backendRef: {name: first, kind: Backend, group: gateway.envoyproxy.io}
---
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: Backend
metadata: {name: first, namespace: default}
spec: {endpoints: [{fqdn: {hostname: "\${FIRST_HOST:-first.internal}", port: \${FIRST_PORT}}}]}
---
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: AIServiceBackend
metadata: {name: second, namespace: default}
spec:
  schema: {name: AWSBedrock}
  backendRef: {name: second, kind: Backend, group: gateway.envoyproxy.io}
---
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: Backend
metadata: {name: second, namespace: default}
spec: {endpoints: [{fqdn: {hostname: bedrock-runtime.eu-west-1.amazonaws.com, port: 443}}]}
---
apiVersion: gateway.networking.k8s.io/v1alpha3
kind: BackendTLSPolicy
metadata: {name: second-tls, namespace: default}
spec:
  targetRefs: [{group: gateway.envoyproxy.io, kind: Backend, name: second}]
  validation: {wellKnownCACertificates: System, hostname: bedrock-runtime.eu-west-1.amazonaws.com}
---
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: BackendSecurityPolicy
metadata: {name: second-aws, namespace: default}
spec:
  targetRefs: [{group: aigateway.envoyproxy.io, kind: AIServiceBackend, name: second}]
  type: AWSCredentials
  awsCredentials: {region: eu-west-1, credentialsFile: {secretRef: {name: second-aws}}}
---
apiVersion: v1
kind: Secret
metadata: {name: second-aws, namespace: default}
type: Opaque
stringData:
  credentials: |
    [default]
    aws_access_key_id = \${KEY_ID}
    aws_secret_access_key = \${KEY}
---
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: BackendTrafficPolicy
metadata: {name: failover}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: chat}]
  retry:
    numAttemptsPerPriority: 1
    numRetries: 5
    perRetry: {timeout: 30s, backOff: {baseInterval: 100ms, maxInterval: 10s}}
    retryOn: {httpStatusCodes: [500], triggers: [connect-failure, retriable-status-codes]}
  rateLimit: {type: Global, global: {rules: []}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: first}
spec: {replicas: 1}
---
apiVersion: v1
kind: Service
metadata: {name: first}
spec: {type: ClusterIP}
---
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: EnvoyProxy
metadata: {name: ai, namespace: default}
spec: {provider: {type: Kubernetes}}
`;

test("a configuration for a cluster is served, and what is not is named", async () => {
  const path = join(folder, "quickstart.yaml");
  await writeFile(path, quickstart);
  const env = { FIRST_PORT: "8080", KEY_ID: "AKIDEXAMPLE", KEY: "hidden" };
  const config = await loadConfig({ path, env });
  expect(config.problems.filter(({ severity }) => severity === "error")).toEqual([]);
  const { gateway, errors } = prepare(config);
  expect(errors).toEqual([]);
  expect(gateway?.rules[0]?.backends.map(({ name, priority }) => [name, priority])).toEqual([
    ["default/first", 0],
    ["default/second", 1],
  ]);
  const named = config.unserved.map(({ message }) => message.slice(path.length));
  expect(named.map((message) => message.replace(/^:\d+: (.*?) (is|this).*$/s, "$1"))).toEqual([
    "Gateway default/ai: spec.infrastructure",
    "ClientTrafficPolicy default/buffers:",
    "BackendTrafficPolicy default/failover: spec.rateLimit",
    "Deployment default/first:",
    "Service default/first:",
    "EnvoyProxy default/ai:",
  ]);
});

test("a file that cannot be read is a problem that says why", async () => {
  const message = async (path: string): Promise<string[]> =>
    (await loadConfig({ path, env: {} })).problems.map((problem) => problem.message);
  const absent = join(folder, "absent.yaml");
  expect(await message(absent)).toEqual([`${absent} cannot be read: there is no such file`]);
  expect(await message(folder)).toEqual([`${folder} cannot be read: it is a folder; name a file`]);
  const latin = join(folder, "latin.yaml");
  await writeFile(latin, Buffer.from([0x61, 0x3a, 0x20, 0xe4]));
  expect(await message(latin)).toEqual([`${latin} cannot be read: it is not UTF-8 text`]);
});
