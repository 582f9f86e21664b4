/** What is measured: variants of the gateway, shapes of requests. */

export interface Variant {
  name: string;
  /** The model that the client asks for; the route behind it makes the variant. */
  model: string;
  /** More members of streamed requests. */
  streamOptions?: object;
}

/** The limit: the same Envoy with a route and a cluster, and nothing else. */
export const BARE: Variant = { name: "bare Envoy", model: "bare" };

export const NATIVE: Variant = {
  name: "native",
  model: "native",
  streamOptions: { include_usage: true },
};
export const NATIVE_FREE: Variant = { name: "native, no costs", model: "native-free" };
export const TRANSLATED: Variant = { name: "translated, OpenAI", model: "translated" };
export const BEDROCK: Variant = { name: "translated, Bedrock", model: "bedrock" };

export const variants: readonly Variant[] = [NATIVE, NATIVE_FREE, TRANSLATED, BEDROCK];

export interface Shape {
  /** Bytes of the request body. */
  bytes: number;
  /** Answers come as 100 chunks. */
  streamed: boolean;
  concurrency: number;
}

/** The size that targets are stated for. */
export const TARGET_BYTES = 3 * 1024;
export const CONCURRENCIES = [16, 2000] as const;
const SIZES = [1024, TARGET_BYTES, 10 * 1024, 100 * 1024];

/** All shapes, or those alone that have a target. */
export const shapes = (targetsOnly: boolean): Shape[] =>
  CONCURRENCIES.flatMap((concurrency) =>
    [false, true].flatMap((streamed) =>
      (targetsOnly ? [TARGET_BYTES] : SIZES).map((bytes) => ({ bytes, streamed, concurrency })),
    ),
  );

/** A chat request in three parts, the middle one `fill` bytes of prompt. */
export function requestBody(
  variant: Variant,
  { bytes, streamed }: Shape,
): { prefix: string; fill: number; suffix: string } {
  const stream = streamed
    ? `,"stream":true${variant.streamOptions ? `,"stream_options":${JSON.stringify(variant.streamOptions)}` : ""}`
    : "";
  const prefix = `{"model":${JSON.stringify(variant.model)}${stream},"temperature":0.5,"messages":[{"role":"system","content":"Answer briefly."},{"role":"user","content":"`;
  const suffix = '"}]}';
  return { prefix, suffix, fill: Math.max(1, bytes - prefix.length - suffix.length) };
}
