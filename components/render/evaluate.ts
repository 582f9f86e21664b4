/** Runs a Pulumi program in this process, with no engine, and keeps the objects that it declares. */
import * as pulumi from "@pulumi/pulumi";
import type { ObjectTemplate } from "../internal/objects/object.ts";

export interface EvaluateOptions {
  /** Stack configuration, with the project's name in front of each key: `quickstart:openaiKey`. */
  config?: Readonly<Record<string, string>>;
  project?: string;
  stack?: string;
  /** Outputs of the stacks that StackReferences name: `organization/platform/dev`. */
  stacks?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** What resources have beside their inputs, by type: what a cluster would tell. */
  live?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Whether values that only an update knows are unknown, as in `pulumi preview`. */
  preview?: boolean;
}

/** A resource that the program registered. */
export interface Registered {
  type: string;
  name: string;
  custom: boolean;
  inputs: Record<string, unknown>;
  /** URN and id of the provider that it was given. */
  provider?: string;
  /** Paths of the inputs that are kept as secrets: `stringData.apiKey`. */
  secrets: string[];
}

export interface Evaluation<T> {
  resources: Registered[];
  /** What the program returned or exported. */
  result: T;
}

const SECRET_KEY = "4dabf18193072939515e22adb298388d";

/**
 * Evaluates a program. Only one can be evaluated at a time, since Pulumi's state is the process's.
 *
 * @throws what the program throws, and what any of its resources is refused for.
 */
export async function evaluate<T>(
  program: () => T | Promise<T>,
  options: EvaluateOptions = {},
): Promise<Evaluation<T>> {
  const { config = {}, project = "project", stack = "dev", stacks = {} } = options;
  const { live = {}, preview = false } = options;
  const resources: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, custom, id, provider }) => {
        const secrets: string[] = [];
        const plain = unwrap(inputs, "", secrets) as Record<string, unknown>;
        const given = provider ? { provider } : {};
        resources.push({ type, name, custom: custom === true, inputs: plain, secrets, ...given });
        // Preview knows no ids, as nothing has been created.
        const known = custom && (id || !preview);
        const outputs = outputsOf(type, plain, stacks[name] ?? {});
        return {
          id: known ? id || `${name}-id` : undefined,
          state: { ...plain, ...outputs, ...live[type] },
        };
      },
      call: ({ token }) => {
        throw new Error(`${token} needs an engine; a program that calls it cannot be evaluated`);
      },
    },
    project,
    stack,
    preview,
  );
  pulumi.runtime.setAllConfig({ ...config });
  const failures: unknown[] = [];
  const failed = (error: unknown): void => void failures.push(error);
  process.on("unhandledRejection", failed);
  try {
    const result = await program();
    await quiet();
    if (failures.length > 0) throw failures[0];
    return { resources, result };
  } finally {
    process.removeListener("unhandledRejection", failed);
  }
}

/** What a resource has beside its inputs once it is there, of those that components read. */
function outputsOf(
  type: string,
  inputs: Readonly<Record<string, unknown>>,
  stack: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  if (type === "pulumi:pulumi:StackReference") return { outputs: stack };
  // Nothing is built here: the name under which it would be pushed.
  if (type === "docker-build:index:Image") return { ref: (inputs.tags as string[])[0] };
  return {};
}

/** Waits for every registration under way, and for the failures that they have led to. */
async function quiet(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await pulumi.runtime.disconnect();
  await new Promise((resolve) => setImmediate(resolve));
}

function unwrap(value: unknown, path: string, secrets: string[]): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) => unwrap(item, `${path}[${index}]`, secrets));
  }
  if (typeof value !== "object" || value === null) return value;
  if (SECRET_KEY in value && "value" in value) {
    secrets.push(path);
    return unwrap((value as { value: unknown }).value, path, secrets);
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      unwrap(field, path === "" ? name : `${path}.${name}`, secrets),
    ]),
  );
}

/** Objects among registered resources, as they would be sent to the API server. */
export const objectsOf = (resources: readonly Registered[]): ObjectTemplate[] =>
  resources
    .filter(
      ({ type, custom }) =>
        custom && type.startsWith("kubernetes:") && !type.startsWith("kubernetes:helm"),
    )
    .map(({ inputs }) => inputs as unknown as ObjectTemplate);
