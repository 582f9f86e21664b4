import type * as z from "zod";
import { refuse } from "./errors.ts";

/** Checks a body against the published model. @throws {BedrockError} 400 ValidationException */
export function validate<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const { issues } = result.error;
  const told = issues.map(
    (issue) => `Value at '${issue.path.join(".")}' failed to satisfy constraint: ${issue.message}`,
  );
  return refuse(
    `${issues.length} validation error${issues.length > 1 ? "s" : ""} detected: ${told.join("; ")}`,
  );
}
