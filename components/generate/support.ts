import { versionedApiSchema } from "../../runtime/api/shared/api-schema.ts";
import { endpoints } from "../../runtime/endpoints/registry.ts";
import { lackOf, support } from "../../runtime/providers/registry.ts";

/** Which endpoints each schema can serve, as the registries have it. */
export function generatedSupport(): string {
  const served = endpoints.filter((endpoint) => endpoint.models === undefined).map(({ id }) => id);
  const schemas = versionedApiSchema.shape.name.options;
  const lines = schemas.map((schema) => {
    const ids = served.filter((id) => support(id, schema) !== undefined);
    return `  ${schema}: ${JSON.stringify(ids)},`;
  });
  return `// Generated from the registries of endpoints and providers by \`npm run generate\`. Do not edit.

/** Endpoints that clients call with a model. */
export const endpointIds = ${JSON.stringify(served)} as const;

/** An endpoint that clients call with a model. */
export type EndpointId = (typeof endpointIds)[number];

/** Endpoints that a backend can serve, by the schema that it speaks. */
export const endpointsOf = {
${lines.join("\n")}
} as const satisfies Record<string, readonly EndpointId[]>;

/** What a backend lacks that cannot serve an endpoint. */
export const lacks: Readonly<Record<EndpointId, string>> = {
${served.map((id) => `  ${JSON.stringify(id)}: ${JSON.stringify(lackOf(id))},`).join("\n")}
};
`;
}
