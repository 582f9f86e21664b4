import { experimental, ServerCredentials } from "@grpc/grpc-js";

/** A server's certificate in PEM, and the CA that its clients' certificates must come from. */
export interface Certificate {
  certificate: string;
  key: string;
  clientCa?: string;
}

type CaListener = (update: { caCertificate: Buffer } | null) => void;
type IdentityListener = (update: { certificate: Buffer; privateKey: Buffer } | null) => void;

/** Credentials whose certificate can be replaced while connections stay. */
export interface RenewableCredentials {
  credentials: ServerCredentials;
  renew(certificate: Certificate): void;
}

/**
 * TLS with a certificate that can be renewed. Clients must show one of their own where a CA for them is
 * given; whether one is given is settled at the start.
 */
export function renewableCredentials(first: Certificate): RenewableCredentials {
  let current = first;
  const cas = new Set<CaListener>();
  const identities = new Set<IdentityListener>();
  const ca = (): { caCertificate: Buffer } => ({
    caCertificate: Buffer.from(current.clientCa ?? ""),
  });
  const identity = (): { certificate: Buffer; privateKey: Buffer } => ({
    certificate: Buffer.from(current.certificate),
    privateKey: Buffer.from(current.key),
  });
  // Told a moment later: whoever asks for it listens to what comes of it only then.
  const provider = {
    addCaCertificateListener(listener: CaListener): void {
      cas.add(listener);
      queueMicrotask(() => listener(ca()));
    },
    removeCaCertificateListener(listener: CaListener): void {
      cas.delete(listener);
    },
    addIdentityCertificateListener(listener: IdentityListener): void {
      identities.add(listener);
      queueMicrotask(() => listener(identity()));
    },
    removeIdentityCertificateListener(listener: IdentityListener): void {
      identities.delete(listener);
    },
  };
  const authenticated = first.clientCa !== undefined;
  return {
    credentials: experimental.createCertificateProviderServerCredentials(
      provider,
      authenticated ? provider : null,
      authenticated,
    ),
    renew(next) {
      current = next;
      for (const listener of identities) listener(identity());
      for (const listener of cas) listener(ca());
    },
  };
}

export const plainText = (): ServerCredentials => ServerCredentials.createInsecure();
