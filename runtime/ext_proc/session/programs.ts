import type { Endpoint } from "../../endpoints/endpoint.ts";
import { decodeProgram, type Program } from "../../program/program.ts";
import type { Provider } from "../../providers/provider.ts";
import { bodyEditOf, type Lane, wayOf } from "../pipeline/lane.ts";

/** Where endpoints and providers are looked up. */
export interface Registries {
  endpointById(id: string): Endpoint | undefined;
  providerBySchema(schema: string): Provider | undefined;
  /** Why requests of an endpoint cannot reach a provider. */
  whyUnsupported(endpointId: string, schema: string): string;
}

export type ProgramLookup =
  | { ok: true; program: LoadedProgram }
  | {
      ok: false;
      reason: "missing" | "unknown-version" | "invalid" | "unservable";
      message: string;
    };

/** A program with what follows from it for every endpoint. */
export interface LoadedProgram {
  program: Program;
  /** Undefined where this program's provider cannot serve the endpoint. */
  lane(endpoint: Endpoint): Lane | undefined;
}

/** Programs alive at one time are as many as backends of rules; old ones go when there are more. */
const MAX_PROGRAMS = 4096;

/** A memo of parsed programs: every stream brings its own, and most bring one that was seen before. */
export class ProgramCache {
  readonly registries: Registries;
  readonly #known = new Map<string, ProgramLookup>();

  constructor(registries: Registries) {
    this.registries = registries;
  }

  get(text: string | undefined): ProgramLookup {
    if (text === undefined) {
      return { ok: false, reason: "missing", message: "the stream carries no program" };
    }
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const lookup = this.#load(text);
    if (this.#known.size >= MAX_PROGRAMS) {
      const [oldest] = this.#known.keys();
      if (oldest !== undefined) this.#known.delete(oldest);
    }
    this.#known.set(text, lookup);
    return lookup;
  }

  #load(text: string): ProgramLookup {
    const decoded = decodeProgram(text);
    if (!decoded.ok) return decoded;
    const { program } = decoded;
    const provider = this.registries.providerBySchema(program.schema);
    if (provider === undefined) {
      return {
        ok: false,
        reason: "unservable",
        message: `the schema ${program.schema} of backend ${program.backend} is not known`,
      };
    }
    return { ok: true, program: this.#loaded(program, provider) };
  }

  #loaded(program: Program, provider: Provider): LoadedProgram {
    const lanes = new Map<string, Lane | undefined>();
    const bodyEdit = bodyEditOf(program);
    const context = {
      prefix: program.prefix ?? provider.meta.defaultPrefix,
      ...(program.version === undefined ? {} : { version: program.version }),
    };
    return {
      program,
      lane(endpoint) {
        if (lanes.has(endpoint.id)) return lanes.get(endpoint.id);
        const way = wayOf(endpoint, provider);
        const lane = way && { program, endpoint, provider, context, bodyEdit, way };
        lanes.set(endpoint.id, lane);
        return lane;
      },
    };
  }
}
