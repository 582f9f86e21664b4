import { clientPaths } from "../../endpoints/path-models.ts";
import { endpointPath, type Prefixes } from "../../endpoints/prefixes.ts";
import { endpoints } from "../../endpoints/registry.ts";
import { lackOf } from "../../providers/registry.ts";
import type { ExtractionPath } from "./lua/extraction.ts";
import type { FixedAnswer } from "./routes.ts";

/** The paths whose requests name a model. */
export const extractionPaths = (prefixes: Prefixes): ExtractionPath[] =>
  endpoints
    .filter((endpoint) => endpoint.method === "POST")
    .flatMap((endpoint) =>
      clientPaths(endpoint, prefixes).map((path) => ({
        path,
        endpoint: endpoint.id,
        lack: lackOf(endpoint.id),
        ...(endpoint.modelIn && { modelIn: endpoint.modelIn }),
      })),
    );

/** The paths that the gateway answers itself. */
export const fixedAnswers = (prefixes: Prefixes): FixedAnswer[] =>
  endpoints.flatMap((endpoint) =>
    endpoint.models === undefined
      ? []
      : [{ path: endpointPath(endpoint, prefixes), body: endpoint.models }],
  );
