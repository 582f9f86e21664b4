/** The inputs of AiGateway with what TypeScript can check besides: names, endpoints, credentials. */
import type { AiGatewayArgs as PlainArgs } from "../args/components.generated.ts";
import type {
  LlmRouteBackend,
  LlmRouteRule,
  LlmRouteSettings,
  TokenQuotaSettings,
} from "../args/settings.generated.ts";
import type { EndpointId, endpointsOf } from "../args/support.generated.ts";
import type { LlmBackend } from "../presets/backend.ts";

/** Backends by name. */
export type Backends = Readonly<Record<string, LlmBackend>>;

type Names<B> = keyof B & string;

/** Endpoints that a backend can serve. */
type Served<Backend> = Backend extends { schema: infer S extends keyof typeof endpointsOf }
  ? (typeof endpointsOf)[S][number]
  : never;

/** Backends that can serve all of the endpoints. */
export type Able<B, E extends EndpointId> = {
  [Name in Names<B>]: [E] extends [Served<B[Name]>] ? Name : never;
}[Names<B>];

type RouteBackend<Name> = Omit<LlmRouteBackend, "backend"> & { backend: Name };

type RuleOf<Name, E> = Omit<LlmRouteRule, "backends" | "endpoints"> & {
  backends?: readonly RouteBackend<Name>[];
  endpoints?: readonly E[];
};

/** A rule whose backends exist. */
export type LlmRule<B extends Backends> = RuleOf<Names<B>, EndpointId>;

/** A route whose backends exist. */
export type LlmRoute<B extends Backends> = Omit<LlmRouteSettings, "rules"> & {
  rules: readonly LlmRule<B>[];
};

type Routes<B extends Backends> = Readonly<Record<string, LlmRoute<B>>>;

/** The routes again, but a backend that cannot serve the rule's endpoints is none of its backends. */
type Checked<B extends Backends, R> = {
  [Route in keyof R]: R[Route] extends { rules: infer Rules }
    ? Omit<LlmRouteSettings, "rules"> & {
        rules: { [Index in keyof Rules]: CheckedRule<B, Rules[Index]> };
      }
    : unknown;
};

type CheckedRule<B extends Backends, Rule> = Rule extends { endpoints: readonly (infer E)[] }
  ? RuleOf<Able<B, E & EndpointId>, EndpointId>
  : LlmRule<B>;

type TokenQuota<B extends Backends> = Omit<TokenQuotaSettings, "backends"> & {
  backends: readonly Names<B>[];
};

/** Inputs of AiGateway. */
export type AiGatewayArgs<B extends Backends = Backends, R = Routes<B>> = Omit<
  PlainArgs,
  "backends" | "routes" | "quotas"
> & {
  /** Providers by name; routes use these names. */
  backends: B;
  /** Routes by name. */
  routes: R & Routes<NoInfer<B>> & Checked<NoInfer<B>, R>;
  /** Quotas on backends, by name. */
  quotas?: Readonly<Record<string, TokenQuota<NoInfer<B>>>>;
};
