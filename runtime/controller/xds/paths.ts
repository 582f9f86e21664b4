import { endpointPath, type Prefixes } from "../../endpoints/prefixes.ts";
import { endpoints } from "../../endpoints/registry.ts";
import type { ExtractionPath } from "./lua/extraction.ts";
import type { FixedAnswer } from "./routes.ts";

/** The paths whose requests carry a model in their body. */
export const extractionPaths = (prefixes: Prefixes): ExtractionPath[] =>
  endpoints
    .filter((endpoint) => endpoint.method === "POST")
    .map((endpoint) => ({
      path: endpointPath(endpoint, prefixes),
      endpoint: endpoint.id,
      ...(endpoint.modelIn && { modelIn: endpoint.modelIn }),
    }));

/** The paths that the gateway answers itself. */
export const fixedAnswers = (prefixes: Prefixes): FixedAnswer[] =>
  endpoints.flatMap((endpoint) =>
    endpoint.models === undefined
      ? []
      : [{ path: endpointPath(endpoint, prefixes), body: endpoint.models }],
  );
