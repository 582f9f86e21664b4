import { pause } from "./backoff.ts";
import { KubeError, type KubeHttp } from "./http.ts";
import {
  type Certificates,
  dnsNamesOf,
  expiryOf,
  issueCertificates,
} from "./issue-certificates.ts";

/** Names of the Secrets; Envoy Gateway's configuration refers to the last two. */
export interface CertificateSecrets {
  namespace: string;
  /** Of the extension server: `tls.crt`, `tls.key`, and `ca.crt` to judge clients by. */
  server: string;
  /** For Envoy Gateway's `certificateRef`: the authorities in `tls.crt`. */
  authorities: string;
  /** For Envoy Gateway's `clientCertificateRef`. */
  client: string;
}

export interface ServerCertificate {
  certificate: string;
  key: string;
  authorities: string;
}

export interface CertificateOptions {
  secrets: CertificateSecrets;
  /** Host names under which Envoy Gateway reaches the extension. */
  dnsNames: readonly string[];
  /** Told of the first certificate and of each later one. */
  changed(certificate: ServerCertificate): void;
  failed(error: Error): void;
  now?: () => Date;
  /** Pause between looks at the Secret; 30 s by default. */
  everyMs?: number;
}

interface SecretObject {
  metadata: { name: string; namespace: string; resourceVersion?: string };
  data?: Record<string, string>;
}

const RENEW_BEFORE_MS = 30 * 86_400_000;
const EVERY_MS = 30_000;
const RETRY_MS = 1_000;

/**
 * Keeps the certificates of the extension server: made where there are none, renewed in time, and
 * the same for all replicas, since they stand in Secrets. Both sides show one, because what the
 * extension answers holds the providers' keys.
 */
export function keepCertificates(http: KubeHttp, options: CertificateOptions): { stop(): void } {
  const { secrets, dnsNames, changed, failed } = options;
  const now = options.now ?? (() => new Date());
  const stopped = new AbortController();
  let shown = "";
  void run();
  return { stop: () => stopped.abort() };

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      let wait = options.everyMs ?? EVERY_MS;
      try {
        const certificate = await current();
        const id = JSON.stringify(certificate);
        if (id !== shown) changed(certificate);
        shown = id;
      } catch (error) {
        failed(error instanceof Error ? error : new Error(String(error)));
        wait = RETRY_MS;
      }
      await pause(wait, stopped.signal);
    }
  }

  async function current(): Promise<ServerCertificate> {
    const [server, authorities, client] = await Promise.all(
      [secrets.server, secrets.authorities, secrets.client].map(read),
    );
    const held = serverCertificate(server);
    const whole = authorities !== undefined && client !== undefined;
    if (held !== undefined && whole && good(held.certificate) && fresh(client?.data?.["tls.crt"])) {
      return held;
    }
    const issued = await issueCertificates(dnsNames, now(), held?.authorities);
    // The server's Secret decides who of several replicas won; the others take over what it wrote.
    const won = await write(secrets.server, server, "kubernetes.io/tls", {
      "tls.crt": issued.server.certificate,
      "tls.key": issued.server.key,
      "ca.crt": issued.authorities,
    });
    if (!won) throw new Error("another replica is writing certificates; looking again");
    await writeOthers(issued, authorities, client);
    return { ...issued.server, authorities: issued.authorities };
  }

  async function writeOthers(
    issued: Certificates,
    authorities: SecretObject | undefined,
    client: SecretObject | undefined,
  ): Promise<void> {
    await write(secrets.authorities, authorities, "Opaque", { "tls.crt": issued.authorities });
    await write(secrets.client, client, "kubernetes.io/tls", {
      "tls.crt": issued.client.certificate,
      "tls.key": issued.client.key,
    });
  }

  function fresh(pem: string | undefined): boolean {
    if (pem === undefined) return false;
    return expiryOf(Buffer.from(pem, "base64").toString()) - now().getTime() > RENEW_BEFORE_MS;
  }

  function good(pem: string): boolean {
    const names = new Set(dnsNamesOf(pem));
    return (
      expiryOf(pem) - now().getTime() > RENEW_BEFORE_MS && dnsNames.every((name) => names.has(name))
    );
  }

  async function read(name: string): Promise<SecretObject | undefined> {
    try {
      return await http.json<SecretObject>({ method: "GET", path: pathOf(name) });
    } catch (error) {
      if (error instanceof KubeError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** False where somebody else wrote since `known` was read. */
  async function write(
    name: string,
    known: SecretObject | undefined,
    type: string,
    values: Record<string, string>,
  ): Promise<boolean> {
    const body = {
      apiVersion: "v1",
      kind: "Secret",
      type,
      metadata: {
        name,
        namespace: secrets.namespace,
        labels: { "app.kubernetes.io/managed-by": "envoy-ai-gateway" },
        ...(known === undefined ? {} : { resourceVersion: known.metadata.resourceVersion }),
      },
      data: Object.fromEntries(
        Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString("base64")]),
      ),
    };
    try {
      await (known === undefined
        ? http.json({ method: "POST", path: pathOf(), body })
        : http.json({ method: "PUT", path: pathOf(name), body }));
      return true;
    } catch (error) {
      if (error instanceof KubeError && error.status === 409) return false;
      throw error;
    }
  }

  function pathOf(name?: string): string {
    return `/api/v1/namespaces/${secrets.namespace}/secrets${name === undefined ? "" : `/${name}`}`;
  }
}

function serverCertificate(secret: SecretObject | undefined): ServerCertificate | undefined {
  const value = (key: string): string =>
    Buffer.from(secret?.data?.[key] ?? "", "base64").toString();
  const held = {
    certificate: value("tls.crt"),
    key: value("tls.key"),
    authorities: value("ca.crt"),
  };
  return Object.values(held).every((pem) => pem !== "") ? held : undefined;
}
