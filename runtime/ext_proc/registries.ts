import { endpointById } from "../endpoints/registry.ts";
import { providerBySchema, whyUnsupported } from "../providers/registry.ts";
import type { Registries } from "./session/programs.ts";

/** Everything that the gateway serves. */
export const registries: Registries = { endpointById, providerBySchema, whyUnsupported };
