import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Document, parse, parseDocument } from "yaml";
import type { Usage } from "../../../runtime/lib/usage.ts";
import { providerMetas } from "../../../runtime/providers/catalog.ts";

/**
 * Golden cases, as data beside each provider: `runtime/providers/<name>/testdata/provider.yaml` says
 * whose they are, how streams are framed and how errors are told, and each file under
 * `testdata/<endpoint id>/` is one exchange. With UPDATE_CASES=1 the suite writes what came out into
 * the files instead of comparing, for a review by eye.
 */
export interface ProviderFile {
  /** Schema name in the registry. */
  schema: string;
  /** `chunks`: an event stream whose messages hold an event each, in base64. */
  framing: "sse" | "event-stream" | "chunks";
  errors: ErrorCase[];
}

/** An answer with an error status, and what the clients of each translated endpoint get of it. */
export interface ErrorCase {
  name: string;
  /** The page of the vendor's reference that the case is written from. */
  source: string;
  status: number;
  headers?: Record<string, string>;
  /** JSON, or a text that is none. */
  body: unknown;
  clients: Record<string, { status: number; retryAfter?: number; body: unknown }>;
}

export interface ExchangeCase {
  source: string;
  /** The client's body. */
  request: Record<string, unknown>;
  upstream: {
    path: string;
    headers?: Record<string, string>;
    /** Absent where the client's bytes go by as they are. */
    body?: unknown;
    dropped?: string[];
  };
  /** A whole answer. `client` is absent where the provider's bytes go by as they are. */
  whole?: {
    headers?: Record<string, string>;
    answer: unknown;
    /** The answer is an error in disguise. */
    refused?: boolean;
    client?: unknown;
    usage?: Usage;
  };
  /** The same request streamed; `asks` is what differs then from `upstream`. */
  stream?: {
    asks?: { path?: string; body?: Record<string, unknown> };
    answer: WireEvent[];
    client?: WireEvent[];
    usage?: Usage;
  };
}

/** An event of a stream: its data is JSON, or a text that is none such as `[DONE]`. */
export interface WireEvent {
  event?: string;
  data: unknown;
}

export interface LoadedCase<Content> {
  name: string;
  content: Content;
  /** Writes what came out in place of what was expected. */
  save(path: readonly (string | number)[], value: unknown): void;
}

export interface ProviderCases {
  provider: LoadedCase<ProviderFile>;
  exchanges(endpointId: string): LoadedCase<ExchangeCase>[];
}

export const updating = process.env.UPDATE_CASES === "1";

const providersFolder = join(__dirname, "../../../runtime/providers");

/** The cases of every provider by its schema. */
export function loadCases(): Map<string, ProviderCases> {
  const found = readdirSync(providersFolder)
    .map((name) => join(providersFolder, name, "testdata"))
    .filter((folder) => existsSync(join(folder, "provider.yaml")))
    .map((folder): [string, ProviderCases] => {
      const provider = load<ProviderFile>(join(folder, "provider.yaml"), "provider");
      return [
        provider.content.schema,
        { provider, exchanges: (id) => loadFolder(join(folder, id)) },
      ];
    });
  return new Map(found);
}

/** Schemas without cases: a provider has to come with its own. */
export const withoutCases = (cases: ReadonlyMap<string, ProviderCases>): string[] =>
  providerMetas.map(({ schema }) => schema).filter((schema) => !cases.has(schema));

const loadFolder = (folder: string): LoadedCase<ExchangeCase>[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith(".yaml"))
        .sort()
        .map((file) => load<ExchangeCase>(join(folder, file), file.replace(/\.yaml$/, "")))
    : [];

function load<Content>(file: string, name: string): LoadedCase<Content> {
  const text = readFileSync(file, "utf8");
  let document: Document | undefined;
  return {
    name,
    content: parse(text) as Content,
    save(path, value) {
      document ??= parseDocument(text);
      document.setIn(path, document.createNode(value));
      writeFileSync(file, document.toString({ lineWidth: 100 }));
    },
  };
}
