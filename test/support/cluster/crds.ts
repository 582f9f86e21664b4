import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { parseAllDocuments } from "yaml";
import type { KubeClient, KubeObject } from "../kube/client.ts";
import { envoyGateway } from "../kube/tools.ts";

const OURS = path.resolve(import.meta.dirname, "../../../runtime/api/crds");
const IN_CHART = "charts/gateway-helm/charts/crds/crds";

/** Installs the kinds of Gateway API, of Envoy Gateway and of our own, and waits until all are served. */
export async function installCrds(client: KubeClient): Promise<void> {
  const folders = [path.join(await sourcesOf(), IN_CHART), OURS];
  const objects = (await Promise.all(folders.map(manifestsBelow))).flat();
  await Promise.all(objects.map((object) => client.apply(object)));
  const names = objects
    .filter(({ kind }) => kind === "CustomResourceDefinition")
    .map(({ metadata }) => metadata.name);
  await Promise.all(names.map((name) => untilServed(client, name)));
}

/** Folder of Envoy Gateway's Go module, which has its chart. */
async function sourcesOf(): Promise<string> {
  const { stdout } = await promisify(execFile)("go", [
    "mod",
    "download",
    "-json",
    `${envoyGateway.module}@${envoyGateway.tag}`,
  ]);
  return (JSON.parse(stdout) as { Dir: string }).Dir;
}

async function manifestsBelow(folder: string): Promise<KubeObject[]> {
  const files = (await readdir(folder, { recursive: true })).filter((file) =>
    /\.ya?ml$/.test(file),
  );
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), "utf8")));
  return texts
    .flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as KubeObject))
    .filter((object) => object !== null);
}

async function untilServed(client: KubeClient, name: string): Promise<void> {
  const definition = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`;
  for (;;) {
    const { body } = await client.raw("GET", definition);
    const { status } = JSON.parse(body) as {
      status?: { conditions?: { type: string; status: string }[] };
    };
    const established = status?.conditions?.some(
      (condition) => condition.type === "Established" && condition.status === "True",
    );
    if (established) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
