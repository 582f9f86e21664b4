import { createHash, createHmac } from "node:crypto";

export interface AwsKeys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
}

export interface SignedRequest {
  method: string;
  host: string;
  /** With its query, as it is sent. */
  path: string;
  body: Buffer;
}

/**
 * Headers of AWS's signature, version 4, over host, date, body and token; whatever else the request
 * has may change after it. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 *
 * @param unixTime seconds
 */
export function signatureHeaders(
  { method, host, path, body }: SignedRequest,
  { accessKeyId, secretAccessKey, sessionToken }: AwsKeys,
  { region, service }: { region: string; service: string },
  unixTime: number,
): [name: string, value: string][] {
  const date = new Date(unixTime * 1000).toISOString().replace(/[-:]|\.\d{3}/g, "");
  const day = date.slice(0, 8);
  const bodyHash = sha256(body);
  const signed: [string, string][] = [
    ["host", host],
    ["x-amz-content-sha256", bodyHash],
    ["x-amz-date", date],
    ...(sessionToken === undefined
      ? []
      : [["x-amz-security-token", sessionToken] as [string, string]]),
  ];
  const names = signed.map(([name]) => name).join(";");
  const [resource = "/", query = ""] = path.split("?");
  const request = [
    method,
    resource.split("/").map(encoded).join("/"),
    canonicalQuery(query),
    ...signed.map(([name, value]) => `${name}:${value.trim().replace(/ +/g, " ")}`),
    "",
    names,
    bodyHash,
  ].join("\n");
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", date, scope, sha256(request)].join("\n");
  const key = [day, region, service, "aws4_request"].reduce<string | Buffer>(
    (secret, part) => hmac(secret, part),
    `AWS4${secretAccessKey}`,
  );
  const signature = hmac(key, text).toString("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return [...signed.slice(1), ["authorization", authorization]];
}

/** As RFC 3986 has it; what is encoded already is encoded again, as all services but S3 want it. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** By name and then by value, which is not the order of `name=value`: `7` comes before `70`. */
const canonicalQuery = (query: string): string =>
  [...new URLSearchParams(query)]
    .map(([name, value]): [string, string] => [encoded(name), encoded(value)])
    .sort(([name, value], [other, its]) => compare(name, other) || compare(value, its))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const sha256 = (content: string | Buffer): string =>
  createHash("sha256").update(content).digest("hex");

const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac("sha256", key).update(text).digest();
