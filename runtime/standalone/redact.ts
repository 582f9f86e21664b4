import type { Json, JsonObject } from "../controller/xds/json.ts";

const REDACTED = "[redacted]";
/** Fields of xDS that hold key material, wherever they stand. */
const SECRET_FIELDS = new Set([
  "secret_access_key",
  "session_token",
  "access_key_id",
  "private_key",
]);

/** A copy for people's eyes: everything but the secrets. */
export function redact(json: Json): Json {
  if (Array.isArray(json)) return json.map(redact);
  if (json === null || typeof json !== "object") return json;
  const copy: JsonObject = {};
  for (const [field, value] of Object.entries(json)) {
    if (SECRET_FIELDS.has(field)) copy[field] = REDACTED;
    else if (field === "generic_secret") copy[field] = { secret: { inline_string: REDACTED } };
    else copy[field] = redact(value);
  }
  return copy;
}
