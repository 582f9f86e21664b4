import { oidcToken } from "../oidc.ts";
import {
  askJson,
  entryOf,
  expiryOf,
  FORM,
  form,
  RotationError,
  type Rotator,
  textIn,
} from "../rotation.ts";
import { AZURE_TOKEN_KEY } from "./kind.ts";

const SCOPE = "https://cognitiveservices.azure.com/.default";
const ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const WHO = "Entra";

/**
 * A token for an application, proven by its secret or by an OIDC token.
 * https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export const azureRotator: Rotator = {
  needed: () => true,
  async obtain({ spec }, tools) {
    const azure = spec.azureCredentials;
    if (azure === undefined) throw new RotationError("no azureCredentials");
    const { clientSecretRef, oidcExchangeToken } = azure;
    const field = "spec.azureCredentials";
    const proof =
      clientSecretRef === undefined
        ? oidcExchangeToken && {
            client_assertion_type: ASSERTION,
            client_assertion: await oidcToken(
              oidcExchangeToken,
              `${field}.oidcExchangeToken`,
              tools,
            ),
          }
        : {
            client_secret: entryOf(
              tools,
              clientSecretRef,
              "client-secret",
              `${field}.clientSecretRef`,
            ),
          };
    const asked = tools.now();
    const answer = await askJson(tools.ask, WHO, {
      method: "POST",
      url: `${tools.endpoints.azureAuthority}/${encodeURIComponent(azure.tenantID)}/oauth2/v2.0/token`,
      headers: FORM,
      body: form({
        grant_type: "client_credentials",
        client_id: azure.clientID,
        scope: SCOPE,
        ...proof,
      }) as string,
    });
    return {
      entries: { [AZURE_TOKEN_KEY]: textIn(answer, "access_token", WHO) },
      expiresAt: expiryOf(answer.expires_in, asked),
    };
  },
};
