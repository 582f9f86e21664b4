import { type Ask, RotationError, type TokenEndpoints } from "../../credentials/rotation.ts";

const ANSWER_WITHIN_MS = 15_000;
const MAX_ANSWER_CHARS = 256 * 1024;

/** Asks a server of tokens; redirects are not followed, for they would carry secrets elsewhere. */
export const askServer: Ask = async ({ method, url, headers = {}, body }) => {
  const host = new URL(url).host;
  try {
    const answer = await fetch(url, {
      method,
      headers,
      redirect: "error",
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      ...(body === undefined ? {} : { body }),
    });
    const text = await answer.text();
    if (text.length > MAX_ANSWER_CHARS) throw new RotationError(`${host} answered far too much`);
    return { status: answer.status, body: text };
  } catch (error) {
    if (error instanceof RotationError) throw error;
    const { name, cause } = error as Error & { cause?: { code?: unknown } };
    const code = typeof cause?.code === "string" ? cause.code : name;
    throw new RotationError(`${host} cannot be asked: ${code}`);
  }
};

/** The vendors' own servers, or those that the variables of their own clients name. */
export const tokenEndpoints = (env: NodeJS.ProcessEnv): TokenEndpoints => {
  const given = (name: string): string | undefined => env[name]?.replace(/\/+$/, "") || undefined;
  return {
    sts: (region) =>
      given("AWS_ENDPOINT_URL_STS") ??
      `https://sts.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`,
    azureAuthority: given("AZURE_AUTHORITY_HOST") ?? "https://login.microsoftonline.com",
    googleSts: "https://sts.googleapis.com",
    googleIam: "https://iamcredentials.googleapis.com",
  };
};
