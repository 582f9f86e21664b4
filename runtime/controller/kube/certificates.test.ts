import {
  type CertificateSecrets,
  keepCertificates,
  type ServerCertificate,
} from "./certificates.ts";
import { KubeError, type KubeHttp, type KubeRequest } from "./http.ts";
import { isIssuedBy, issueCertificates } from "./issue-certificates.ts";

interface Secret {
  metadata: { name: string; resourceVersion?: string };
  data: Record<string, string>;
}

/** Secrets as an API server keeps them; requests take as many turns as `turns` says. */
function secretsApi(turns: () => number) {
  const held = new Map<string, Secret>();
  let version = 0;
  const http: KubeHttp = {
    async json<T>({ method, path, body }: KubeRequest): Promise<T> {
      for (let left = turns(); left > 0; left -= 1) await new Promise(setImmediate);
      const name = /\/secrets\/(.+)$/.exec(path)?.[1] ?? (body as Secret).metadata.name;
      const there = held.get(name);
      if (method === "GET") {
        if (there === undefined) throw new KubeError(404, "NotFound", "none");
        return structuredClone(there) as T;
      }
      const secret = structuredClone(body) as Secret;
      if (there?.metadata.resourceVersion !== secret.metadata.resourceVersion) {
        throw new KubeError(409, "Conflict", "changed");
      }
      version += 1;
      secret.metadata.resourceVersion = String(version);
      held.set(name, secret);
      return secret as T;
    },
    // biome-ignore lint/correctness/useYield: nothing is watched here
    async *lines() {
      throw new Error("not used");
    },
    close() {},
  };
  const text = (name: string, key: string): string =>
    Buffer.from(held.get(name)?.data[key] ?? "", "base64").toString();
  return { http, text, remove: (name: string) => held.delete(name) };
}

const secrets: CertificateSecrets = {
  namespace: "system",
  server: "server",
  authorities: "authorities",
  client: "client",
};

function replica(http: KubeHttp, now?: () => Date) {
  let current: ServerCertificate | undefined;
  const kept = keepCertificates(http, {
    secrets,
    dnsNames: ["extension"],
    everyMs: 20,
    changed: (certificate) => {
      current = certificate;
    },
    failed: () => {},
    ...(now && { now }),
  });
  return { current: () => current, stop: kept.stop };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** What Envoy Gateway is given trusts the server's certificate, and is trusted. */
const agreed = (api: ReturnType<typeof secretsApi>): boolean =>
  isIssuedBy(api.text("server", "tls.crt"), api.text("authorities", "tls.crt")) &&
  isIssuedBy(api.text("client", "tls.crt"), api.text("server", "ca.crt"));

test("replicas that start together come to one set of certificates", async () => {
  // Every seed is another interleaving of the same requests.
  const seeds = Array.from({ length: 24 }, (_, seed) => seed);
  await Promise.all(
    seeds.map(async (seed) => {
      let state = seed * 2_654_435_761 + 1;
      const api = secretsApi(() => {
        state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
        return state % 7;
      });
      const replicas = [replica(api.http), replica(api.http), replica(api.http)];
      await until(() =>
        replicas.every(
          (each) => each.current()?.certificate === api.text("server", "tls.crt") && agreed(api),
        ),
      );
      for (const each of replicas) each.stop();
    }),
  );
}, 30_000);

test("Secrets that do not belong together are issued anew, once nobody is writing them", async () => {
  const api = secretsApi(() => 0);
  let ahead = 0;
  const one = replica(api.http, () => new Date(Date.now() + ahead));
  await until(() => one.current() !== undefined && agreed(api));
  const before = api.text("server", "tls.crt");
  api.remove("authorities");
  ahead = 10_000;
  await until(() => api.text("server", "tls.crt") !== before && agreed(api));
  one.stop();
}, 30_000);

test("a certificate is known by its authority, among several", async () => {
  const [one, other] = await Promise.all([
    issueCertificates([], new Date(), undefined),
    issueCertificates([], new Date(), undefined),
  ]);
  expect(isIssuedBy(one.client.certificate, other.authorities + one.authorities)).toBe(true);
  expect(isIssuedBy(one.client.certificate, other.authorities)).toBe(false);
  expect(isIssuedBy("no certificate", one.authorities)).toBe(false);
});
