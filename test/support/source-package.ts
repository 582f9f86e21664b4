/** Importing this lets programs import `envoy-ai-gateway` as this repository's sources. */
import { registerHooks } from "node:module";

const SOURCES = new URL("../../components/typed/index.ts", import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "envoy-ai-gateway"
      ? { url: SOURCES, shortCircuit: true }
      : next(specifier, context),
});
