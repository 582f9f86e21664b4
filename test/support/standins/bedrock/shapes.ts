import { z } from "zod";

type Members = Record<string, z.ZodType>;
type Partially<M extends Members> = { [K in keyof M]?: z.infer<M[K]> };

/** A union of the service model: an object with exactly one of these members. */
export const oneOf = <M extends Members>(members: M): z.ZodType<Partially<M>> =>
  z
    .strictObject(
      Object.fromEntries(Object.entries(members).map(([name, type]) => [name, type.optional()])),
    )
    .refine(
      (value) => Object.keys(value).length === 1,
      `Union must have exactly one of: ${Object.keys(members).join(", ")}`,
    ) as unknown as z.ZodType<Partially<M>>;

/** A text that may not be empty. */
export const text = z.string().min(1);

export const toolName = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-zA-Z0-9_-]+$/);

export const toolUseId = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-zA-Z0-9_.:-]+$/);

/** Bytes, which travel as base64. */
export const blob = z
  .string()
  .refine(
    (value) => value.length > 0 && value.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(value),
    "Blob must be base64 and not empty",
  );

const s3Location = z.strictObject({
  uri: z.string().regex(/^s3:\/\/[a-z0-9][.\-a-z0-9]{1,61}[a-z0-9](\/.*)?$/),
  bucketOwner: z
    .string()
    .regex(/^[0-9]{12}$/)
    .optional(),
});

/** Bytes or an object in S3, and for documents more. */
export const sourceMembers = { bytes: blob, s3Location };
export const source = oneOf(sourceMembers);

export const cachePoint = z.strictObject({
  type: z.literal("default"),
  ttl: z.enum(["5m", "1h"]).optional(),
});
