import type { ConversationProvider, ProviderContext } from "../../conversation/codec.ts";
import type { ConversationEndpoint, Endpoint } from "../../endpoints/endpoint.ts";
import type { ObjectEdit } from "../../lib/json-splice.ts";
import type { Usage } from "../../lib/usage.ts";
import type { Program } from "../../program/program.ts";
import type { Passthrough, Provider } from "../../providers/provider.ts";
import type { TaskEndpoint, TaskProvider } from "../../tasks/task.ts";

export interface CostVariables {
  model: string;
  backend: string;
  routeName: string;
  usage: Usage;
}

/** Everything about an attempt that its program and endpoint decide. */
export interface Lane {
  program: Program;
  endpoint: Endpoint;
  provider: Provider;
  context: ProviderContext;
  /** Mutations of the provider's body; undefined where there are none. */
  bodyEdit: ObjectEdit | undefined;
  way: Way;
}

/** Same protocol on both sides, or by way of the internal form. */
export type Way =
  | { kind: "passthrough"; passthrough: Passthrough }
  | {
      kind: "conversation";
      endpoint: ConversationEndpoint<unknown>;
      provider: ConversationProvider;
    }
  | { kind: "task"; endpoint: TaskEndpoint; provider: TaskProvider };

/** How requests of this endpoint reach this provider; undefined where they cannot. */
export function wayOf(endpoint: Endpoint, provider: Provider): Way | undefined {
  const passthrough = provider.passthrough[endpoint.id];
  if (passthrough !== undefined) return { kind: "passthrough", passthrough };
  if (endpoint.conversation !== undefined && provider.conversation !== undefined) {
    return {
      kind: "conversation",
      endpoint: endpoint.conversation,
      provider: provider.conversation,
    };
  }
  const task = endpoint.task && provider.tasks?.[endpoint.task.name];
  if (endpoint.task === undefined || task === undefined) return undefined;
  // Both sides were found by one name, which the types do not follow.
  return {
    kind: "task",
    endpoint: endpoint.task as unknown as TaskEndpoint,
    provider: task as unknown as TaskProvider,
  };
}

/** The program's mutations as one edit: removals first, so that a field may be removed and set. */
export function bodyEditOf(program: Program): Map<string, string | undefined> | undefined {
  if (program.body === undefined) return undefined;
  const edit = new Map<string, string | undefined>();
  for (const name of program.body.remove ?? []) edit.set(name, undefined);
  for (const [name, raw] of program.body.set ?? []) edit.set(name, raw);
  return edit;
}
