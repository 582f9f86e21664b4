// Pulumi's plugin host loads this file, the package's `main`, and infers the schema from the
// TypeScript beside it. Without it, the host would compile the entry alone, by rules of its own.
export * from "./index.ts";
