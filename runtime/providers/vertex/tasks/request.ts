import type { ProviderContext, ProviderRequest } from "../../../conversation/codec.ts";
import { modelResource } from "../path.ts";

/** `/v1/projects/…/publishers/google/models/<model>:<method>` */
export const modelRequest = (
  { prefix }: ProviderContext,
  model: string,
  method: string,
  body: object,
  dropped: Iterable<string>,
): ProviderRequest => request(prefix, `${modelResource(model)}:${method}`, body, dropped);

export const request = (
  prefix: string,
  rest: string,
  body: object,
  dropped: Iterable<string>,
): ProviderRequest => ({
  path: `${prefix === "" ? "" : `/${prefix}`}/${rest}`,
  body: Buffer.from(JSON.stringify(body)),
  headers: [["content-type", "application/json"]],
  dropped: [...new Set(dropped)],
});
