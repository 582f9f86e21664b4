/** Envoy Gateway's own chart, as its module holds it. */
import { execFile } from "node:child_process";
import { cp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { envoyGateway } from "./tools.ts";

const run = promisify(execFile);

/** What the release's build puts into the chart's values. */
const IMAGE = {
  GatewayImage: `docker.io/envoyproxy/gateway:${envoyGateway.tag}`,
  GatewayImagePullPolicy: "IfNotPresent",
};

/** A copy of the chart below a folder, as a release of it has it. */
export async function envoyGatewayChart(folder: string): Promise<string> {
  const chart = path.join(folder, "gateway-helm");
  await cp(path.join(await sources(), "charts/gateway-helm"), chart, { recursive: true });
  await run("chmod", ["-R", "u+w", chart]);
  const template = await readFile(path.join(chart, "values.tmpl.yaml"), "utf8");
  await writeFile(path.join(chart, "values.yaml"), filled(template));
  return chart;
}

const filled = (template: string): string =>
  template.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = IMAGE[name as keyof typeof IMAGE];
    if (value === undefined) throw new Error(`the chart's values have an unknown variable ${name}`);
    return value;
  });

async function sources(): Promise<string> {
  const { stdout } = await run(
    "go",
    ["mod", "download", "-json", `${envoyGateway.module}@${envoyGateway.tag}`],
    {
      cwd: tmpdir(),
    },
  );
  return (JSON.parse(stdout) as { Dir: string }).Dir;
}
