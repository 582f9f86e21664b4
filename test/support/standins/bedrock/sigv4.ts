import { createHash } from "node:crypto";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import type { RecordedRequest } from "../standin.ts";
import { BedrockError } from "./errors.ts";

export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

const SERVICE = "bedrock";
/** AWS refuses signatures that are older or newer than this. */
const MAX_SKEW_MS = 5 * 60 * 1000;
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/(\d{8})\/([^/,]+)\/([^/,]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

/**
 * Recomputes the signature over the request as it was received, and compares.
 * @throws {BedrockError} 403 with the exception that AWS has for what is wrong
 */
export async function verifySignature(
  request: RecordedRequest,
  credentials: AwsCredentials,
  region: string,
): Promise<void> {
  const { headers } = request;
  if (headers.authorization === undefined) {
    deny("MissingAuthenticationTokenException", "Missing Authentication Token");
  }
  const parts = AUTHORIZATION.exec(headers.authorization ?? "");
  if (parts === null) {
    deny("IncompleteSignatureException", "Authorization header is not a SigV4 signature.");
  }
  const [, keyId, day, signedRegion, service, signedHeaders = ""] = parts;
  if (keyId !== credentials.accessKeyId) deny("UnrecognizedClientException", BAD_TOKEN);
  if (headers["x-amz-security-token"] !== credentials.sessionToken) {
    deny("UnrecognizedClientException", BAD_TOKEN);
  }
  if (signedRegion !== region) invalid("Credential should be scoped to a valid region.");
  if (service !== SERVICE) {
    invalid(`Credential should be scoped to correct service: '${SERVICE}'.`);
  }
  const date = signingDate(request, day);
  checkPayloadHash(request);
  const names = signedHeaders.split(";");
  for (const required of ["host", "x-amz-date"]) {
    if (!names.includes(required)) {
      invalid(`'${required}' must be a 'SignedHeader' in the AWS Authorization.`);
    }
  }
  const expected = await sign(request, names, date, credentials, region);
  if (expected !== parts[6]) {
    invalid(
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    );
  }
}

const BAD_TOKEN = "The security token included in the request is invalid.";

/** The date of `x-amz-date`, which must be near now and of the same day as the credential. */
function signingDate({ headers, at }: RecordedRequest, day: string | undefined): Date {
  const text = headers["x-amz-date"] ?? "";
  const parts = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(text);
  if (parts === null) invalid("Date must be in ISO-8601 'basic format'.");
  const [, year, month, date, hours, minutes, seconds] = parts;
  const signed = new Date(`${year}-${month}-${date}T${hours}:${minutes}:${seconds}Z`);
  if (!text.startsWith(day ?? "")) {
    invalid("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date.");
  }
  if (signed.getTime() < at - MAX_SKEW_MS) invalid(`Signature expired: ${text} is now too old.`);
  if (signed.getTime() > at + MAX_SKEW_MS) invalid(`Signature not yet current: ${text}.`);
  return signed;
}

function checkPayloadHash({ headers, body }: RecordedRequest): void {
  const stated = headers["x-amz-content-sha256"];
  if (stated !== undefined && stated !== createHash("sha256").update(body).digest("hex")) {
    invalid("The value of x-amz-content-sha256 does not match the request body.");
  }
}

async function sign(
  { method, path, headers, body }: RecordedRequest,
  signedHeaders: string[],
  signingDate: Date,
  credentials: AwsCredentials,
  region: string,
): Promise<string | undefined> {
  const [pathname = "", query = ""] = path.split("?");
  const signer = new SignatureV4({
    service: SERVICE,
    region,
    credentials,
    sha256: Sha256,
    applyChecksum: false,
  });
  const signed = await signer.sign(
    {
      method,
      protocol: "http:",
      hostname: headers.host ?? "",
      path: pathname,
      query: Object.fromEntries(new URLSearchParams(query)),
      headers: Object.fromEntries(
        signedHeaders.flatMap((name) => {
          const value = headers[name];
          return value === undefined ? [] : [[name, value]];
        }),
      ),
      body,
    },
    // Whatever the client signed is signed here, even what this signer would leave out.
    { signingDate, signableHeaders: new Set(signedHeaders) },
  );
  return /Signature=([0-9a-f]+)$/.exec(signed.headers.authorization ?? "")?.[1];
}

function deny(type: string, message: string): never {
  throw new BedrockError(403, type, message);
}

function invalid(message: string): never {
  return deny("InvalidSignatureException", message);
}
