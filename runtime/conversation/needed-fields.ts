import { unsupported } from "../lib/errors.ts";
import type { Conversation } from "./conversation.ts";

/** Fields of Anthropic's that give the model something to work with: without, it would do another task. */
const NEEDED_VENDOR_FIELDS = ["container", "mcp_servers"];

/** @throws {UserError} 422 for what a provider that is not Anthropic's would have to be told and cannot */
export function refuseNeededFields({ vendor }: Conversation): void {
  for (const field of NEEDED_VENDOR_FIELDS) {
    if (vendor[field] != null) {
      throw unsupported(`${field}: the provider of this model has no such thing`, field);
    }
  }
}
