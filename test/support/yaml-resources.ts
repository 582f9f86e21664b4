/** Resources for tests, as YAML, in namespace `default`; put together with `snapshot`. */
import { parseAllDocuments } from "yaml";
import type { ObjectMeta } from "../../runtime/controller/snapshot/foreign.ts";
import { type Snapshot, snapshotOf } from "../../runtime/controller/snapshot/snapshot.ts";

type Document = { kind: string; metadata: ObjectMeta };

export const documents = (...texts: string[]): Document[] =>
  texts.flatMap((text) =>
    parseAllDocuments(text)
      .map((document) => document.toJS() as Document | null)
      .filter((document) => document !== null),
  );

export const snapshot = (...texts: string[]): Snapshot => snapshotOf(documents(...texts));

/** Gateway `gw` and its GatewayConfig `config`. */
export const gateway = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: default, annotations: {aigateway.envoyproxy.io/gateway-config: config}}
spec: {gatewayClassName: ai, listeners: [{name: http, protocol: HTTP, port: 80}]}
---
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: GatewayConfig
metadata: {name: config, namespace: default}
spec: {}
`;

/** An AIServiceBackend and a Backend, both of this name. */
export const backend = (
  name: string,
  schema = "OpenAI",
  extra = "",
  host = `${name}.example.com`,
): string => `
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: AIServiceBackend
metadata: {name: ${name}, namespace: default}
spec: {schema: {name: ${schema}}, backendRef: {name: ${name}, kind: Backend, group: gateway.envoyproxy.io}${extra}}
---
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: Backend
metadata: {name: ${name}, namespace: default}
spec: {endpoints: [{fqdn: {hostname: ${host}, port: 443}}]}
`;

/** A BackendSecurityPolicy with an API key, and its Secret where wanted. */
export const key = (backendName: string, secret = true): string => `
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: BackendSecurityPolicy
metadata: {name: ${backendName}-key, namespace: default}
spec:
  type: APIKey
  targetRefs: [{group: aigateway.envoyproxy.io, kind: AIServiceBackend, name: ${backendName}}]
  apiKey: {secretRef: {name: ${backendName}-secret}}
${secret ? `---\napiVersion: v1\nkind: Secret\nmetadata: {name: ${backendName}-secret, namespace: default}\nstringData: {apiKey: sk-canary}` : ""}
`;

/** An AIGatewayRoute on `gw`; `extra` are more fields of its spec. */
export const route = (rules: string, extra = "", name = "r"): string => `
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: AIGatewayRoute
metadata: {name: ${name}, namespace: default}
spec:
  parentRefs: [{name: gw, kind: Gateway}]
  ${extra}
  rules: ${rules}
`;

/** An InferencePool with a picker `picker`. */
export const pool = (
  name: string,
  targetPorts = "[{number: 8000}]",
  failureMode = "FailClose",
): string => `
apiVersion: inference.networking.k8s.io/v1
kind: InferencePool
metadata: {name: ${name}, namespace: default, uid: u-p}
spec:
  selector: {matchLabels: {app: ${name}}}
  targetPorts: ${targetPorts}
  endpointPickerRef: {name: picker, failureMode: ${failureMode}}
`;
