import { z } from "zod";

/**
 * The contract between compiler and ext_proc: what to do with requests that Envoy sends to one
 * backend of one route rule. It travels inside Envoy's own configuration, in the initial metadata
 * of the ext_proc stream, so it can never disagree with the routing around it. It holds no
 * credential.
 *
 * Canonical: the same meaning always encodes to the same bytes, since a changed program replaces
 * the cluster that carries it.
 */
export const PROGRAM_VERSION = 1;

/** Name of the gRPC metadata entry that carries the program. */
export const PROGRAM_HEADER = "x-aigw-program";

/** Programs above this size are refused by the compiler (Envoy refuses 16 KiB). */
export const MAX_PROGRAM_BYTES = 4096;

export const costTypeSchema = z.enum([
  "InputToken",
  "OutputToken",
  "TotalToken",
  "CachedInputToken",
  "CacheCreationInputToken",
  "ReasoningToken",
  "CEL",
]);
export type CostType = z.infer<typeof costTypeSchema>;

const costSchema = z.strictObject({
  /** Key in the `io.envoy.ai_gateway` dynamic metadata. */
  key: z.string(),
  type: costTypeSchema,
  cel: z.string().optional(),
});
export type Cost = z.infer<typeof costSchema>;

export const programSchema = z.strictObject({
  v: z.literal(PROGRAM_VERSION),
  /** AIGatewayRoute as `namespace/name`. */
  route: z.string(),
  /** AIServiceBackend as `namespace/name`. */
  backend: z.string(),
  /** `spec.schema.name` of the AIServiceBackend. */
  schema: z.string(),
  /** Path prefix, without slashes at its ends; the provider's default when absent. */
  prefix: z.string().optional(),
  version: z.string().optional(),
  /** Model to ask for in place of the client's. */
  model: z.string().optional(),
  /** Applied to the translated body: top-level fields, removals first; `set` values are raw JSON. */
  body: z
    .strictObject({
      remove: z.array(z.string()).optional(),
      set: z.array(z.tuple([z.string(), z.string()])).optional(),
    })
    .optional(),
  costs: z.array(costSchema).optional(),
  /** Requests that bring keys of AWS are signed with them. */
  sign: z
    .strictObject({
      region: z.string(),
      service: z.string(),
      /** The Host header that the request will have. */
      host: z.string(),
      /** Headers with access key, secret and session token, or one header with all as JSON. */
      keys: z.array(z.string()),
    })
    .optional(),
});
export type Program = z.infer<typeof programSchema>;

export type DecodedProgram =
  | { ok: true; program: Program }
  | { ok: false; reason: "unknown-version" | "invalid"; message: string };

/**
 * JSON in ASCII with sorted keys. `%` is escaped because Envoy expands `%…%` in metadata values.
 */
export function encodeProgram(program: Program): string {
  const json = JSON.stringify(sortKeys(program));
  return json.replace(
    /[%\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Never throws: an ext_proc that is older or newer than its compiler says so clearly. */
export function decodeProgram(text: string): DecodedProgram {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, reason: "invalid", message: "the program is not JSON" };
  }
  const version = (value as { v?: unknown } | null)?.v;
  if (version !== PROGRAM_VERSION) {
    return {
      ok: false,
      reason: "unknown-version",
      message: `program version ${JSON.stringify(version)} is not supported; this ext_proc speaks version ${PROGRAM_VERSION}`,
    };
  }
  const parsed = programSchema.safeParse(value);
  if (!parsed.success) {
    return { ok: false, reason: "invalid", message: z.prettifyError(parsed.error) };
  }
  return { ok: true, program: parsed.data };
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => entry !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, sortKeys(entry)]),
  );
}
