/** The real Pulumi engine: the CLI built from its Go module, state in a folder, programs inline. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import {
  LocalWorkspace,
  PulumiCommand,
  type PulumiFn,
  type Stack,
} from "@pulumi/pulumi/automation/index.js";
import { binaryOf, pulumi } from "../kube/tools.ts";

export interface Engine {
  /** A stack of its own for a program; the same name finds the same state. */
  stack(name: string, program: PulumiFn): Promise<Stack>;
  /** Runs the CLI in a project directory and gives what it writes. @throws with that where it fails. */
  cli(directory: string, ...words: string[]): Promise<string>;
  /** All that is kept, as text. */
  state(): Promise<string>;
  close(): Promise<void>;
}

const run = promisify(execFile);
const PROJECT = "gateways";
/** Where the plugin stands that plays the Kubernetes provider; a real one on PATH goes before it. */
const PLUGINS = path.resolve("test/support/pulumi/bin");
const NODE = path.resolve("node_modules/.bin");

export async function startEngine(kubeconfig: string): Promise<Engine> {
  const folder = await mkdtemp(path.join(tmpdir(), "pulumi-"));
  const binary = binaryOf(pulumi);
  // The SDK looks for bin/pulumi below a root, or for pulumi on PATH.
  const PATH = [path.dirname(binary), NODE, process.env.PATH, PLUGINS].join(path.delimiter);
  const envVars = {
    PATH,
    KUBECONFIG: kubeconfig,
    PULUMI_HOME: path.join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: "only for tests",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  process.env.PATH = PATH;
  const pulumiCommand = await PulumiCommand.get({ skipVersionCheck: true });
  return {
    stack: (stackName, program) =>
      LocalWorkspace.createOrSelectStack(
        { stackName, projectName: PROJECT, program },
        { envVars, pulumiCommand },
      ),
    cli: (directory, ...words) =>
      run(binary, [...words, "--non-interactive", "--color", "never"], {
        cwd: directory,
        // Not what the SDK leaves in this process for programs that run in it.
        env: { HOME: process.env.HOME, ...envVars },
        maxBuffer: 16 * 1024 * 1024,
      }).then(
        ({ stdout }) => stdout,
        ({ stdout, stderr }) => {
          throw new Error(`pulumi ${words.join(" ")}:\n${stdout}\n${stderr}`);
        },
      ),
    async state() {
      const stacks = path.join(folder, ".pulumi", "stacks");
      const files = await readdir(stacks, { recursive: true });
      const texts = files
        .filter((file) => file.endsWith(".json"))
        .map((file) => readFile(path.join(stacks, file), "utf8"));
      return (await Promise.all(texts)).join("\n");
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
