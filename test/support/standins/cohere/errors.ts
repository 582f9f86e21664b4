import type * as z from "zod";
import type { Dialect } from "../reply.ts";

/** An error as Cohere reports it: `{"id": …, "message": …}`. */
export class CohereError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** @throws {CohereError} 400 */
export function refuse(message: string): never {
  throw new CohereError(400, message);
}

/** @throws {CohereError} 400, or 422 where a field is there that should not be */
export function checked<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const unknown = issue?.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  if (unknown !== undefined) throw new CohereError(422, `unknown field: parameter '${unknown}'`);
  return refuse(`invalid request: ${issue?.path.join(".")}: ${issue?.message}`);
}

export const cohereDialect: Dialect = {
  error: (_status, message) => ({
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ id: "standin", message }),
  }),
  // An answer that fails ends like any other, and says so in its last event.
  errorEvent: (message) =>
    Buffer.from(
      `event: message-end\ndata: ${JSON.stringify({
        type: "message-end",
        delta: { error: message, finish_reason: "ERROR" },
      })}\n\n`,
    ),
  damage: (event) => Buffer.from(event.toString().replace(/\}(\s*)$/, "$1")),
};
