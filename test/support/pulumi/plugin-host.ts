import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";

/** A package of components, served by Pulumi's own plugin host as the engine would start it. */
export interface PluginHost {
  /** The package's schema, as JSON. */
  schema(): Promise<string>;
  close(): Promise<void>;
}

const RUN_PLUGIN = "node_modules/@pulumi/pulumi/cmd/run-plugin/index.js";
/** The host asks the engine nothing before it constructs. */
const NO_ENGINE = "127.0.0.1:1";

export async function startPluginHost(directory: string): Promise<PluginHost> {
  const child = spawn(
    process.execPath,
    ["--no-warnings", path.join(directory, RUN_PLUGIN), directory, NO_ENGINE],
    { cwd: directory, stdio: ["ignore", "pipe", "pipe"] },
  );
  const port = await firstLine(child);
  const client = new providerGrpc.ResourceProviderClient(
    `127.0.0.1:${port}`,
    grpc.credentials.createInsecure(),
    { "grpc.max_receive_message_length": -1 },
  );
  return {
    schema: () =>
      new Promise((resolve, reject) => {
        client.getSchema(new provider.GetSchemaRequest(), (error, response) => {
          if (error) reject(error);
          else resolve(response.getSchema());
        });
      }),
    async close() {
      client.close();
      const ended = once(child, "exit");
      child.kill();
      await ended;
    },
  };
}

/** The port that a plugin writes first of all; what it says instead where it fails. */
async function firstLine(child: ChildProcess): Promise<string> {
  const said: string[] = [];
  child.stderr?.on("data", (text) => said.push(String(text)));
  if (child.stdout === null) throw new Error("the plugin has no output");
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([
    once(lines, "line"),
    once(child, "exit").then(() => {
      throw new Error(`the plugin ended before it served: ${said.join("")}`);
    }),
  ]);
  return String(line);
}
