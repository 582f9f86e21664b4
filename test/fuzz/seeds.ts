import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { endpoints } from "../../runtime/endpoints/registry.ts";
import { providers } from "../../runtime/providers/registry.ts";
import type { ExchangeCase, ProviderFile } from "../contract/providers/cases.ts";
import { type Pair, pairOf } from "../contract/providers/exchange.ts";

/** A golden case of the contract suite, with the pair that it is of. */
export interface Seed {
  pair: Pair;
  exchange: ExchangeCase;
  framing: ProviderFile["framing"];
}

/** Every golden case, from `runtime/providers` below the working directory. */
export function loadSeeds(): Seed[] {
  const root = join(process.cwd(), "runtime/providers");
  return readdirSync(root).flatMap((name) => {
    const folder = join(root, name, "testdata");
    if (!existsSync(join(folder, "provider.yaml"))) return [];
    const { schema, framing } = read<ProviderFile>(join(folder, "provider.yaml"));
    const provider = providers.find(({ meta }) => meta.schema === schema);
    return endpoints.flatMap((endpoint): Seed[] => {
      const pair = provider && pairOf(endpoint, provider);
      const cases = join(folder, endpoint.id);
      if (pair === undefined || !existsSync(cases)) return [];
      return readdirSync(cases)
        .filter((file) => file.endsWith(".yaml"))
        .map((file) => ({ pair, exchange: read<ExchangeCase>(join(cases, file)), framing }));
    });
  });
}

const read = <Content>(file: string): Content => parse(readFileSync(file, "utf8")) as Content;
