import { pause } from "./backoff.ts";
import { KubeError, type KubeHttp } from "./http.ts";
import { dnsNamesOf, expiryOf, isIssuedBy, issueCertificates } from "./issue-certificates.ts";

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
/** How long another replica may take between the first Secret and the last. */
const OTHERS_WITHIN_MS = 5_000;
const BEING_WRITTEN = "another replica is writing certificates; looking again";

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
  /** Since when the Secrets are seen not to belong together. */
  let apartSince: number | undefined;
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
    if (held !== undefined && good(held.certificate)) {
      if (agrees(held, authorities, client)) {
        apartSince = undefined;
        return held;
      }
      // Whoever wrote the server's Secret writes the others next, unless it ended meanwhile.
      apartSince ??= now().getTime();
      if (now().getTime() - apartSince < OTHERS_WITHIN_MS) throw new Error(BEING_WRITTEN);
    }
    const issued = await issueCertificates(dnsNames, now(), held?.authorities);
    // The server's Secret decides who of several replicas won; the others take over what it wrote.
    const won = await write(secrets.server, server, "kubernetes.io/tls", {
      "tls.crt": issued.server.certificate,
      "tls.key": issued.server.key,
      "ca.crt": issued.authorities,
    });
    if (!won) throw new Error(BEING_WRITTEN);
    await replace(secrets.authorities, authorities, "Opaque", { "tls.crt": issued.authorities });
    await replace(secrets.client, client, "kubernetes.io/tls", {
      "tls.crt": issued.client.certificate,
      "tls.key": issued.client.key,
    });
    apartSince = undefined;
    return { ...issued.server, authorities: issued.authorities };
  }

  /** Whether Envoy Gateway, by what it is given, trusts the server and is trusted. */
  function agrees(
    held: ServerCertificate,
    authorities: SecretObject | undefined,
    client: SecretObject | undefined,
  ): boolean {
    const shown = textOf(client, "tls.crt");
    return (
      textOf(authorities, "tls.crt") === held.authorities &&
      isFresh(shown) &&
      isIssuedBy(shown, held.authorities)
    );
  }

  /** Writes over whatever is there: only who wrote the server's Secret comes here. */
  async function replace(
    name: string,
    known: SecretObject | undefined,
    type: string,
    values: Record<string, string>,
  ): Promise<void> {
    for (let latest = known; !(await write(name, latest, type, values)); ) {
      latest = await read(name);
    }
  }

  function isFresh(pem: string): boolean {
    return expiryOf(pem) - now().getTime() > RENEW_BEFORE_MS;
  }

  function good(pem: string): boolean {
    const names = new Set(dnsNamesOf(pem));
    return isFresh(pem) && dnsNames.every((name) => names.has(name));
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
  const held = {
    certificate: textOf(secret, "tls.crt"),
    key: textOf(secret, "tls.key"),
    authorities: textOf(secret, "ca.crt"),
  };
  return Object.values(held).every((pem) => pem !== "") ? held : undefined;
}

const textOf = (secret: SecretObject | undefined, key: string): string =>
  Buffer.from(secret?.data?.[key] ?? "", "base64").toString();
