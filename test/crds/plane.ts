import { type Answer, KubeError, type KubeObject } from "../support/kube/client.ts";
import { type ControlPlane, startControlPlane } from "../support/kube/control-plane.ts";
import { installCrds } from "./install.ts";

const STARTS_WITHIN_MS = 120_000;

/** An API server with our CRDs for all tests of a file. */
export function planeWithCrds(): () => ControlPlane {
  let plane: ControlPlane | undefined;
  beforeAll(async () => {
    plane = await startControlPlane();
    await installCrds(plane.client);
  }, STARTS_WITHIN_MS);
  afterAll(() => plane?.stop());
  return () => {
    if (plane === undefined) throw new Error("the API server is not up");
    return plane;
  };
}

/** What the API server says to the creation of an object, which is not stored. */
export async function judge({ client }: ControlPlane, object: KubeObject) {
  try {
    return await client.create(object, { dryRun: true });
  } catch (error) {
    if (error instanceof KubeError) return error;
    throw error;
  }
}

export const accepted = (verdict: Answer | KubeError): verdict is Answer =>
  !(verdict instanceof KubeError);
