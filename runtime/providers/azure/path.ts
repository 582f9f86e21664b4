import type { ProviderContext } from "../../conversation/codec.ts";

/** The last version of the API that was published as stable, for backends that name none. */
const DEFAULT_VERSION = "2024-10-21";

/** Azure serves a model under the name of its deployment, which stands in the path. */
export const deploymentPath = (context: ProviderContext, model: string, rest: string): string =>
  versioned(context, `deployments/${encodeURIComponent(model)}/${rest}`);

/** `/openai/<rest>?api-version=…` */
export const versioned = ({ prefix, version }: ProviderContext, rest: string): string =>
  `${prefix === "" ? "" : `/${prefix}`}/${rest}?api-version=${encodeURIComponent(version ?? DEFAULT_VERSION)}`;
