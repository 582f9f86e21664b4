import type { Tool } from "./conversation.ts";

/** From the names that a provider knows tools by, back to those that the client gave them. */
export function namesOfClient(
  tools: readonly Tool[],
  wireName: (name: string) => string,
): (wireName: string) => string {
  const renamed = new Map<string, string>();
  for (const { name } of tools) {
    const told = wireName(name);
    if (told !== name) renamed.set(told, name);
  }
  return (told) => renamed.get(told) ?? told;
}
