/** Plays the resource Release of Pulumi's Kubernetes provider with Helm itself. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { binaryOf, helm } from "../kube/tools.ts";

/** Inputs of a Release, as far as components give them. */
export interface ReleaseInputs {
  name: string;
  namespace: string;
  chart: string;
  version?: string;
  createNamespace?: boolean;
  values?: object;
}

/** As in the provider that is played. */
const WAITS = ["--wait", "--timeout", "5m"];

export const isRelease = (urn: string): boolean => urn.includes("kubernetes:helm.sh/v3:Release::");

/** Installs the release, or brings it to these inputs. @throws in Helm's words. */
export async function installRelease(inputs: ReleaseInputs, kubeconfig: string): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "release-"));
  try {
    const values = path.join(folder, "values.json");
    await writeFile(values, JSON.stringify(inputs.values ?? {}));
    const { name, chart, version, createNamespace } = inputs;
    await run(kubeconfig, inputs, [
      ...["upgrade", "--install", name, chart, "--values", values, ...WAITS],
      ...(version === undefined ? [] : ["--version", version]),
      ...(createNamespace ? ["--create-namespace"] : []),
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const uninstallRelease = (inputs: ReleaseInputs, kubeconfig: string): Promise<void> =>
  run(kubeconfig, inputs, ["uninstall", inputs.name, "--ignore-not-found", ...WAITS]);

export const releaseExists = (inputs: ReleaseInputs, kubeconfig: string): Promise<boolean> =>
  run(kubeconfig, inputs, ["status", inputs.name]).then(
    () => true,
    (error: Error) => {
      if (error.message.includes("not found")) return false;
      throw error;
    },
  );

async function run(
  kubeconfig: string,
  { namespace }: ReleaseInputs,
  words: readonly string[],
): Promise<void> {
  const own = ["--kubeconfig", kubeconfig, "--namespace", namespace];
  await promisify(execFile)(binaryOf(helm), [...words, ...own], { maxBuffer: 1 << 26 });
}
