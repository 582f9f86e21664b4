import { z } from "zod";
import { int32, text } from "../../runtime/api/schema/fields.ts";
import { list } from "../../runtime/api/schema/lists.ts";
import { named } from "../../runtime/api/schema/names.ts";
import { llmRequestCost } from "../../runtime/api/shared/costs.ts";
import { port } from "../../runtime/api/shared/gateway-api.ts";
import { choice, host, objectName, plain, quantityText, withRules } from "./fields.ts";

const listener = named(
  "ListenerSettings",
  z
    .object({
      name: plain(
        objectName("Name, unique in the gateway; `http` or `https` where left out."),
      ).optional(),
      port: port().describe("Port; 443 with TLS and 80 without where left out.").optional(),
      hostname: host().describe("Host name that clients ask for; any where left out.").optional(),
      tlsSecretName: text({ min: 1, max: 253 })
        .describe("Secret of type kubernetes.io/tls with the certificate; HTTPS with it.")
        .optional(),
      routesFrom: choice("RoutesFrom", ["Same", "All"])
        .default("Same")
        .describe("Namespaces whose routes may use the listener."),
    })
    .describe("A port on which the gateway listens."),
);

const gatewayExtProc = named(
  "GatewayExtProcSettings",
  z
    .object({
      placement: choice("ExtProcPlacement", ["Own", "Sidecar"]).describe(
        "Own: pods for this gateway alone, in its namespace, in the number of the controller's choice. Sidecar: a container in each pod of Envoy.",
      ),
      image: text({ min: 1 })
        .regex(/^\S+$/, { error: "must be an image reference" })
        .describe("Its image; the control plane's where left out.")
        .optional(),
      cpu: quantityText("CPU that each asks for, as `500m`.").optional(),
      memory: quantityText("Memory that each asks for and may have, as `512Mi`.").optional(),
    })
    .describe("An external processor of the gateway's own, instead of the one that all share."),
);

export const gatewayShape = {
  className: plain(text({ min: 1, max: 63 }))
    .describe("An existing GatewayClass of Envoy Gateway; one is created where left out.")
    .optional(),
  listeners: list(listener, { min: 1, max: 64 })
    .describe("Ports; plain HTTP on port 80 where left out.")
    .optional(),
  expose: choice("Exposure", ["ClusterIP", "NodePort", "LoadBalancer"])
    .default("ClusterIP")
    .describe(
      "Who reaches the gateway: the cluster alone (ClusterIP), or the world (LoadBalancer, NodePort).",
    ),
  serviceAnnotations: z
    .record(z.string(), z.string())
    .describe("Annotations of the gateway's Service, such as a cloud's load balancer wants them.")
    .optional(),
  serviceAccountAnnotations: z
    .record(z.string(), z.string())
    .describe(
      "Annotations of the ServiceAccount of Envoy's pods, such as `eks.amazonaws.com/role-arn` for IRSA.",
    )
    .optional(),
  replicas: int32({ min: 1, max: 1000 }).default(2).describe("Pods of Envoy."),
  cpu: quantityText("CPU that each pod of Envoy asks for, as `500m`.").optional(),
  memory: quantityText("Memory that each pod of Envoy asks for and may have, as `1Gi`.").optional(),
  bodyLimit: quantityText("Largest request body.").default("50Mi"),
  costs: list(llmRequestCost, { max: 36 })
    .describe("Numbers to compute from the usage of each request on every route.")
    .optional(),
  awaitReady: plain(z.boolean())
    .default(true)
    .describe(
      "Whether Pulumi waits until Envoys serve the gateway and it has an address. False where nothing in the cluster gives load balancers addresses.",
    ),
  extProc: gatewayExtProc.optional(),
  forwardProxy: text({ min: 1 })
    .regex(/^[^\s/]+:\d+$/, { error: "must be host:port, as proxy.example.com:3128" })
    .describe("Proxy, as `host:port`, through which all backends are reached.")
    .optional(),
};

export const gatewayRules = [
  {
    rule: "!has(self.listeners) || self.listeners.all(a, !has(a.name) || self.listeners.exists_one(b, has(b.name) && a.name == b.name))",
    message: "names of listeners must be unique",
  },
];

export const gatewaySettings = named(
  "GatewaySettings",
  withRules(z.object(gatewayShape), gatewayRules).describe("Envoy's pods and where they listen."),
);
