import { z } from "zod";
import { text } from "../schema/fields.ts";

export const GROUP = "aigateway.envoyproxy.io";

/** The part of an object's metadata that is read; the rest is kept as it is. */
export const objectMeta = z.looseObject({
  name: text({
    min: 1,
    max: 253,
    pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  }),
  namespace: text({ min: 1, max: 63, pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/ }).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  creationTimestamp: z.string().optional(),
  generation: z.number().int().optional(),
  uid: z.string().optional(),
  resourceVersion: z.string().optional(),
});

/**
 * An object of our group: `apiVersion`, `kind`, `metadata`, `spec`, `status`. The spec must be there
 * unless its schema has a default. A status is the controller's to write: one that is malformed
 * counts as none, as the API server drops what users write of it.
 */
export const resourceOf = <K extends string, Spec extends z.ZodType, Status extends z.ZodType>(
  kind: K,
  spec: Spec,
  status: Status,
) =>
  z.object({
    apiVersion: z.string(),
    kind: z.literal(kind),
    metadata: objectMeta,
    spec,
    status: status.optional().catch(undefined),
  });
