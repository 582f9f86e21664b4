import type { ProviderContext } from "../../conversation/codec.ts";

/** The last version of the API that was published as stable, for backends that name none. */
const DEFAULT_VERSION = "2024-10-21";

/** Azure serves a model under the name of its deployment, which stands in the path. */
export const deploymentPath = (context: ProviderContext, model: string, rest: string): string =>
  versioned(context, `deployments/${encodeURIComponent(model)}/${rest}`);

/** `/openai/<rest>?api-version=…` */
const versioned = ({ prefix, version }: ProviderContext, rest: string): string =>
  `${prefix === "" ? "" : `/${prefix}`}/${rest}?api-version=${encodeURIComponent(version ?? DEFAULT_VERSION)}`;

/**
 * Responses: their deployment stands in the body. Below `v1` they need no version; the versions by
 * date have them only from `2025-03-01-preview` on, so the default above would not do.
 * https://learn.microsoft.com/en-us/azure/ai-foundry/openai/api-version-lifecycle
 */
export const responsesPath = (context: ProviderContext, rest: string): string =>
  context.version === undefined
    ? `${context.prefix === "" ? "" : `/${context.prefix}`}/v1/${rest}`
    : versioned(context, rest);
