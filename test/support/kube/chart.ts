/** Envoy Gateway's own chart, as its module holds it, rendered by Helm itself. */
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { parseAllDocuments } from "yaml";
import type { KubeObject } from "./client.ts";
import { built } from "./go-build.ts";
import { envoyGateway, helm } from "./tools.ts";

const run = promisify(execFile);

/** What the release's build puts into the chart's values. */
const IMAGE = {
  GatewayImage: `docker.io/envoyproxy/gateway:${envoyGateway.tag}`,
  GatewayImagePullPolicy: "IfNotPresent",
};

/**
 * The objects of a release of Envoy Gateway's chart, less those of its hooks. Later values win.
 *
 * @throws in Helm's words.
 */
export async function renderEnvoyGateway(
  namespace: string,
  ...values: readonly object[]
): Promise<KubeObject[]> {
  const binary = await built(helm, () => undefined);
  const folder = await mkdtemp(path.join(tmpdir(), "chart-"));
  try {
    const chart = path.join(folder, "gateway-helm");
    await cp(path.join(await sources(), "charts/gateway-helm"), chart, { recursive: true });
    await run("chmod", ["-R", "u+w", chart]);
    const template = await readFile(path.join(chart, "values.tmpl.yaml"), "utf8");
    await writeFile(path.join(chart, "values.yaml"), filled(template));
    const files = await Promise.all(
      values.map(async (each, index) => {
        const file = path.join(folder, `values-${index}.json`);
        await writeFile(file, JSON.stringify(each));
        return ["--values", file];
      }),
    );
    const { stdout } = await run(
      binary,
      ["template", "eg", chart, "--namespace", namespace, "--no-hooks", ...files.flat()],
      { env: { PATH: process.env.PATH, HOME: folder }, maxBuffer: 64 * 1024 * 1024 },
    );
    return parseAllDocuments(stdout)
      .map((document) => document.toJS() as KubeObject | null)
      .filter((object) => object !== null);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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
