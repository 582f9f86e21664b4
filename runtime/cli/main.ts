import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { parsePrefixes } from "../endpoints/prefixes.ts";
import { explainCommand } from "./explain.ts";
import { healthcheck } from "./healthcheck.ts";
import { runCommand } from "./run.ts";
import { translateCommand } from "./translate.ts";

const DEFAULT_PORT = 1975;
const DEFAULT_ADMIN_PORT = 1064;
const DEFAULT_BUFFER_MIB = 32;

const { version } = JSON.parse(readFileSync(packageJson(import.meta.dirname), "utf8")) as {
  version: string;
};

/** The package's own, whether its sources run or what was compiled from them. */
function packageJson(from: string): string {
  const file = path.join(from, "package.json");
  return existsSync(file) ? file : packageJson(path.dirname(from));
}

function integer(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new InvalidArgumentError(`a whole number from ${min} to ${max} is needed`);
    }
    return value;
  };
}
const port = integer(0, 65_535);

const configHelp = `
A configuration is YAML with the resources of the Envoy AI Gateway in one or more documents: Gateway,
AIGatewayRoute, AIServiceBackend, BackendSecurityPolicy, Backend, BackendTLSPolicy,
BackendTrafficPolicy, Secret, ConfigMap, ReferenceGrant, GatewayConfig. \${NAME} is replaced by the
environment's value. Without a file, the gateway is made from the keys in the environment:
OPENAI_API_KEY, ANTHROPIC_API_KEY (and their _BASE_URL).`;

const prefixes = new Option(
  "--endpoint-prefixes <list>",
  "where families of paths stand, such as openai:/,anthropic:/anthropic,cohere:/cohere,gemini:/",
).argParser(parsePrefixes);

const program = new Command("aigw")
  .description("An AI gateway on Envoy: one endpoint for many model providers.")
  .version(version)
  .showHelpAfterError("(aigw --help shows what there is)");

program
  .command("run")
  .description("serve a configuration with Envoy on this machine, without a cluster")
  .argument("[config]", "YAML file, or - for standard input; absent: keys from the environment")
  .option("--host <address>", "address to listen on", "127.0.0.1")
  .option("--port <port>", "port for clients", port, DEFAULT_PORT)
  .option("--admin-port <port>", "port for /metrics, /health and /ready", port, DEFAULT_ADMIN_PORT)
  .option("--envoy-version <version>", "version of Envoy to find or install")
  .option("--envoy-bin <path>", "an Envoy executable to use as it is")
  .option(
    "--envoy-concurrency <n>",
    "Envoy's worker threads",
    integer(1, 256),
    availableParallelism(),
  )
  .option(
    "--workers <n>",
    "processes that translate requests",
    integer(1, 256),
    availableParallelism(),
  )
  .option(
    "--buffer-limit <MiB>",
    "size of a request that may be held",
    integer(1, 512),
    DEFAULT_BUFFER_MIB,
  )
  .addOption(prefixes)
  .option("--no-watch", "do not follow changes of the file")
  .option("--access-log", "print a line of JSON for each request")
  .option("--debug", "log more")
  .addHelpText("after", configHelp)
  .action(runCommand);

program
  .command("translate")
  .description("print what would be programmed into Envoy, with secrets left out, and exit")
  .argument("[config]", "YAML file, or - for standard input; absent: keys from the environment")
  .addOption(
    new Option("--output <format>", "how to print it").choices(["yaml", "json"]).default("yaml"),
  )
  .addOption(prefixes)
  .addHelpText("after", configHelp)
  .action(translateCommand);

program
  .command("explain")
  .description(
    "print how a request would go: route, backends, lane, upstream request; nothing is sent",
  )
  .argument("[config]", "YAML file, or - for standard input; absent: keys from the environment")
  .requiredOption("--path <path>", "path that the client asks for, such as /v1/chat/completions")
  .requiredOption("--body <json>", "request body, or @FILE")
  .option("--header <name: value...>", "request header; may be repeated")
  .option("--host <name>", "Host header", "localhost")
  .addOption(
    new Option("--output <format>", "how to print it").choices(["text", "json"]).default("text"),
  )
  .addOption(prefixes)
  .action(explainCommand);

program
  .command("healthcheck")
  .description("exit with 0 when a running gateway takes traffic, for container probes")
  .option("--admin-port <port>", "admin port of the gateway", port, DEFAULT_ADMIN_PORT)
  .action(healthcheck);

// bin.mjs starts it; here it is for --help.
program
  .command("render")
  .description("print the manifests of a Pulumi program, or of a component's inputs in YAML")
  .argument("<path>", "aigw render --help tells its options");

// A reader that has seen enough (`| head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

await program.parseAsync();
