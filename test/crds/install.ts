import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { KubeClient, KubeObject } from "../support/kube/client.ts";

const CRDS = path.join(__dirname, "../../runtime/api/crds");
const ESTABLISHED_WITHIN_MS = 20_000;

/** Applies the generated CRDs, and waits until their kinds are served. */
export async function installCrds(client: KubeClient): Promise<KubeObject[]> {
  const crds = readdirSync(CRDS).map(
    (file) => parse(readFileSync(path.join(CRDS, file), "utf8")) as KubeObject,
  );
  await Promise.all(crds.map((crd) => client.apply(crd)));
  return Promise.all(crds.map((crd) => established(client, crd)));
}

async function established(client: KubeClient, crd: KubeObject): Promise<KubeObject> {
  const deadline = Date.now() + ESTABLISHED_WITHIN_MS;
  for (;;) {
    const current = await client.get(crd);
    const conditions = (current.status as { conditions?: Condition[] | null })?.conditions ?? [];
    if (conditions.some(({ type, status }) => type === "Established" && status === "True")) {
      return current;
    }
    if (Date.now() > deadline) {
      throw new Error(`${crd.metadata.name} is not served: ${JSON.stringify(conditions)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

interface Condition {
  type: string;
  status: string;
  message: string;
}
