/**
 * Plays Pulumi's language host for Node.js, where the real one is not installed: it runs a program of a
 * project directory with the SDK's own runner, given what the real host gives it. It installs no
 * dependencies and asks for no plugins.
 */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import * as grpc from "@grpc/grpc-js";
import languageGrpc from "@pulumi/pulumi/proto/language_grpc_pb.js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";

/** Exit status of the runner that means: the error has been reported already. */
const REPORTED = 32;
const [engine = ""] = process.argv.slice(2).filter((each) => !each.startsWith("-"));

type Call<Request> = { request: Request };
type Reply<Response> = (error: Partial<grpc.StatusObject> | null, response?: Response) => void;

function run({ request }: Call<language.RunRequest>, reply: Reply<language.RunResponse>): void {
  const info = request.getInfo();
  const directory = info?.getProgramDirectory() ?? request.getPwd();
  const options = info?.getOptions()?.toJavaScript() ?? {};
  const runner = createRequire(path.join(directory, "package.json")).resolve(
    "@pulumi/pulumi/cmd/run",
  );
  const child = spawn(
    process.execPath,
    [
      ...("nodeargs" in options ? String(options.nodeargs).split(" ") : []),
      runner,
      ...["--monitor", request.getMonitorAddress()],
      ...["--engine", engine],
      ...["--organization", request.getOrganization()],
      ...["--project", request.getProject()],
      ...["--stack", request.getStack()],
      ...["--pwd", request.getPwd()],
      ...(request.getDryrun() ? ["--dry-run"] : []),
      ...["--parallel", String(request.getParallel())],
      info?.getEntryPoint() ?? ".",
      ...request.getArgsList(),
    ],
    {
      cwd: directory,
      stdio: ["ignore", "ignore", "inherit"],
      env: {
        ...process.env,
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
        PULUMI_NODEJS_TYPESCRIPT: String(!("typescript" in options) || options.typescript === true),
      },
    },
  );
  child.once("exit", (code) => {
    const response = new language.RunResponse();
    if (code === REPORTED) response.setBail(true);
    else if (code !== 0) response.setError(`the program ended with status ${code}`);
    reply(null, response);
  });
}

const answer =
  <Response>(response: Response) =>
  (_: unknown, reply: Reply<Response>): void =>
    reply(null, response);

const version = new plugin.PluginInfo();
version.setVersion("0.0.0");
const server = new grpc.Server();
server.addService(
  languageGrpc.LanguageRuntimeService as unknown as grpc.ServiceDefinition,
  {
    handshake: answer(new language.LanguageHandshakeResponse()),
    getRequiredPlugins: answer(new language.GetRequiredPluginsResponse()),
    getRequiredPackages: answer(new language.GetRequiredPackagesResponse()),
    getPluginInfo: answer(version),
    run,
  } as unknown as grpc.UntypedServiceImplementation,
);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  // The engine reads the port from the first line.
  process.stdout.write(`${port}\n`);
});
