import { stringify } from "yaml";
import type { ObjectTemplate } from "../../../components/internal/objects/object.ts";
import { objectsOf } from "../../../components/render/evaluate.ts";
import { evaluateProject } from "../../../components/render/program.ts";
import "../source-package.ts";

/** Ports of the stand-in providers. */
export interface Ports {
  openai: number;
  anthropic: number;
  bedrock: number;
  /** Where nobody listens. */
  nobody: number;
}

/** What the stand-ins let in. */
export const KEYS = {
  openai: "sk-quickstart-openai",
  anthropic: "sk-quickstart-anthropic",
  bedrock: { accessKeyId: "AKIAQUICKSTART000000", secretAccessKey: "quickstart-secret" },
};

/** What the providers call their models. */
export const UPSTREAM_MODELS = {
  openai: "gpt-4o-mini",
  anthropic: "claude-haiku-4-5",
  bedrock: "us.amazon.nova-2-lite-v1:0",
};

/** Model names that the program's gateway serves. */
export const MODELS = {
  openai: "gpt-4o-mini",
  anthropic: "claude",
  bedrock: "nova",
  failover: "always-on",
} as const;

const PROGRAM = new URL("../../../examples/quickstart/", import.meta.url).pathname;

/** Kinds that a gateway without a cluster serves. */
const SERVED = [
  "Gateway",
  "AIGatewayRoute",
  "AIServiceBackend",
  "Backend",
  "BackendSecurityPolicy",
  "Secret",
];

/**
 * The resources that the program of examples/quickstart declares, evaluated in this process, as
 * YAML. Only the providers' addresses are others: those of the stand-ins.
 */
export async function quickstartConfig(ports: Ports): Promise<string> {
  const { resources } = await evaluateProject(PROGRAM, {
    config: {
      openaiKey: KEYS.openai,
      anthropicKey: KEYS.anthropic,
      awsAccessKeyId: KEYS.bedrock.accessKeyId,
      awsSecretAccessKey: KEYS.bedrock.secretAccessKey,
      image: "example.com/never-pulled",
    },
  });
  const portOf: Record<string, number> = {
    "quickstart-openai": ports.openai,
    "quickstart-anthropic": ports.anthropic,
    "quickstart-bedrock": ports.bedrock,
    "quickstart-inhouse": ports.nobody,
  };
  return objectsOf(resources)
    .filter(({ kind }) => SERVED.includes(kind))
    .map((object) => (object.kind === "Backend" ? standInFor(object, portOf) : object))
    .map((object) => stringify(object, { aliasDuplicateObjects: false }))
    .join("---\n");
}

function standInFor(backend: ObjectTemplate, portOf: Record<string, number>): ObjectTemplate {
  const port = portOf[backend.metadata.name];
  if (port === undefined) throw new Error(`no stand-in plays ${backend.metadata.name}`);
  return { ...backend, spec: { endpoints: [{ ip: { address: "127.0.0.1", port } }] } };
}
