import type { ProviderMeta } from "../provider.ts";

export const vertexMeta: ProviderMeta = {
  schema: "GCPVertexAI",
  otelName: "gcp.vertex_ai",
  // With credentials of Google Cloud, `v1/projects/<project>/locations/<region>`.
  defaultPrefix: "v1",
};
