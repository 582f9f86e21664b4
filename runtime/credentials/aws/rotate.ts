import { oidcToken } from "../oidc.ts";
import { FORM, form, RotationError, type Rotator, refusal } from "../rotation.ts";

const SESSION = "envoy-ai-gateway";
const WHO = "AWS STS";

/**
 * Keys of a role for an OIDC token, as an AWS credentials file.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export const awsRotator: Rotator = {
  needed: ({ spec }) => spec.awsCredentials?.oidcExchangeToken !== undefined,
  async obtain({ spec }, tools) {
    const aws = spec.awsCredentials;
    const exchange = aws?.oidcExchangeToken;
    if (aws === undefined || exchange === undefined)
      throw new RotationError("no oidcExchangeToken");
    const token = await oidcToken(exchange, "spec.awsCredentials.oidcExchangeToken", tools);
    const { status, body } = await tools.ask({
      method: "POST",
      url: `${tools.endpoints.sts(aws.region)}/`,
      headers: FORM,
      body: form({
        Action: "AssumeRoleWithWebIdentity",
        Version: "2011-06-15",
        RoleArn: exchange.awsRoleArn,
        RoleSessionName: SESSION,
        WebIdentityToken: token,
      }) as string,
    });
    if (status < 200 || status >= 300) throw refusal(WHO, status, elementIn(body, "Code"));
    const expiresAt = Date.parse(needed(body, "Expiration"));
    if (Number.isNaN(expiresAt))
      throw new RotationError(`${WHO} answered without a valid Expiration`);
    const file = [
      "[default]",
      `aws_access_key_id = ${needed(body, "AccessKeyId")}`,
      `aws_secret_access_key = ${needed(body, "SecretAccessKey")}`,
      `aws_session_token = ${needed(body, "SessionToken")}`,
      `region = ${aws.region}`,
      "",
    ].join("\n");
    return { entries: { credentials: file }, expiresAt };
  },
};

/** The text of an element; what STS puts into these needs no more of XML than its five entities. */
function elementIn(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]?.trim();
  return text?.replace(/&(lt|gt|quot|apos|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
  "&amp;": "&",
};

function needed(xml: string, name: string): string {
  const text = elementIn(xml, name);
  if (text === undefined || text === "" || /[\r\n]/.test(text)) {
    throw new RotationError(`${WHO} answered without ${name}`);
  }
  return text;
}
