import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { RouteConfigurationSchema } from "../../../protos/gen/envoy/config/route/v3/route_pb.ts";
import { MAX_ANSWER_BYTES } from "../xds/listener-parts.ts";
import { type Binding, editHost, type HostFacts, readHost } from "./hosts.ts";
import type { Memo } from "./memo.ts";
import type { ExtensionOptions } from "./options.ts";
import type { RouteFacts } from "./route-facts.ts";
import { join, split } from "./wire.ts";

const HOSTS_FIELD = 2;

/** What is read of a route table before anything is changed. */
export interface TableFacts {
  name: string;
  rest: Uint8Array;
  hosts: { bytes: Uint8Array; facts: HostFacts }[];
}

/** @throws on bytes that are no route configuration. */
export function readTable(bytes: Uint8Array, memo: Memo<RouteFacts>): TableFacts {
  const { entries, rest } = split(bytes, HOSTS_FIELD);
  const { name } = fromBinary(RouteConfigurationSchema, rest);
  return {
    name,
    rest,
    hosts: entries.map((entry) => ({ bytes: entry, facts: readHost(entry, memo, name) })),
  };
}

/** Does AI traffic come to this host? */
export const servesAi = ({ routes }: HostFacts, { isAi }: Binding): boolean => routes.some(isAi);

/** Edits the hosts with AI routes; undefined where there are none. */
export function editTable(
  table: TableFacts,
  binding: Binding,
  options: ExtensionOptions,
  memo: Memo<Uint8Array>,
): Uint8Array | undefined {
  if (!table.hosts.some(({ facts }) => servesAi(facts, binding))) return undefined;
  const rest = fromBinary(RouteConfigurationSchema, table.rest);
  rest.maxDirectResponseBodySizeBytes = Math.max(
    rest.maxDirectResponseBodySizeBytes ?? 0,
    MAX_ANSWER_BYTES,
  );
  return join(
    toBinary(RouteConfigurationSchema, rest),
    HOSTS_FIELD,
    table.hosts.map(({ bytes, facts }) =>
      servesAi(facts, binding) ? editHost(facts, binding, options, memo) : bytes,
    ),
  );
}
