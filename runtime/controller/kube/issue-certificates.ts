import "reflect-metadata";
import { webcrypto, X509Certificate } from "node:crypto";
import * as x509 from "@peculiar/x509";

/** What Envoy Gateway and the extension server show each other; all PEM. */
export interface Certificates {
  /** Authorities that either side accepts: the one that issued these, and earlier ones. */
  authorities: string;
  server: { certificate: string; key: string };
  client: { certificate: string; key: string };
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY_MS = 86_400_000;
/** Clocks of nodes differ. */
const SKEW_MS = 300_000;
const VALID_DAYS = 90;

/**
 * Certificates of a new authority, whose key is forgotten at once: nothing that is stored can issue
 * more. `earlier` authorities stay accepted, so that both sides can change over one by one.
 */
export async function issueCertificates(
  dnsNames: readonly string[],
  now: Date,
  earlier: string | undefined,
): Promise<Certificates> {
  const provider = webcrypto as unknown as Crypto;
  const notBefore = new Date(now.getTime() - SKEW_MS);
  const notAfter = new Date(now.getTime() + VALID_DAYS * DAY_MS);
  const generate = () => webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const caKeys = (await generate()) as webcrypto.CryptoKeyPair;
  const ca = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: "CN=ai-gateway extension authority",
      notBefore,
      notAfter,
      keys: caKeys,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
        await x509.SubjectKeyIdentifierExtension.create(caKeys.publicKey, false, provider),
      ],
    },
    provider,
  );
  const leaf = async (name: string, usage: x509.ExtendedKeyUsage, names: readonly string[]) => {
    const keys = (await generate()) as webcrypto.CryptoKeyPair;
    const certificate = await x509.X509CertificateGenerator.create(
      {
        subject: `CN=${name}`,
        issuer: ca.subject,
        notBefore,
        notAfter,
        publicKey: keys.publicKey,
        signingKey: caKeys.privateKey,
        signingAlgorithm: ALGORITHM,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension([usage]),
          await x509.AuthorityKeyIdentifierExtension.create(caKeys.publicKey, false, provider),
          ...(names.length === 0
            ? []
            : [
                new x509.SubjectAlternativeNameExtension(
                  names.map((value) => ({ type: "dns" as const, value })),
                ),
              ]),
        ],
      },
      provider,
    );
    const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
    return {
      certificate: certificate.toString("pem"),
      key: x509.PemConverter.encode(pkcs8, "PRIVATE KEY"),
    };
  };
  const kept = earlier === undefined ? [] : stillValid(earlier, now);
  return {
    authorities: [ca.toString("pem"), ...kept].map((pem) => `${pem.trim()}\n`).join(""),
    server: await leaf("ai-gateway extension server", x509.ExtendedKeyUsage.serverAuth, dnsNames),
    client: await leaf("envoy-gateway", x509.ExtendedKeyUsage.clientAuth, []),
  };
}

/** Certificates of a bundle that have not run out. */
export const stillValid = (bundle: string, now: Date): string[] =>
  certificatesIn(bundle).filter((pem) => expiryOf(pem) > now.getTime());

const certificatesIn = (bundle: string): string[] =>
  bundle.split(/(?<=-----END CERTIFICATE-----)/).filter((pem) => pem.includes("BEGIN CERTIFICATE"));

/** When a certificate runs out, in milliseconds since the epoch; 0 where it cannot be read. */
export function expiryOf(pem: string): number {
  try {
    return new x509.X509Certificate(pem).notAfter.getTime();
  } catch {
    return 0;
  }
}

/** Host names that a certificate is for. */
export function dnsNamesOf(pem: string): string[] {
  try {
    const names = new x509.X509Certificate(pem).getExtension(x509.SubjectAlternativeNameExtension);
    return (names?.names.items ?? []).map(({ value }) => value);
  } catch {
    return [];
  }
}

/** Whether a certificate was issued by one of the authorities, several in one text. */
export function isIssuedBy(pem: string, authorities: string): boolean {
  try {
    const certificate = new X509Certificate(pem);
    return certificatesIn(authorities)
      .map((text) => new X509Certificate(text))
      .some((ca) => certificate.checkIssued(ca) && certificate.verify(ca.publicKey));
  } catch {
    return false;
  }
}
