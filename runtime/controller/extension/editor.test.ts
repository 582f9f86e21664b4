import fc from "fast-check";
import { backend, gateway, key, route, snapshot } from "../../../test/support/yaml-resources.ts";
import { ENDPOINT_METADATA_NAMESPACE } from "../../program/names.ts";
import { compile } from "../compile/compile.ts";
import type { Plan } from "../compile/plan.ts";
import { extension } from "../xds/json.ts";
import { TranslationEditor } from "./editor.ts";
import { mark } from "./filter-names.ts";
import {
  assignmentBytes,
  type BackendAt,
  cluster,
  NOT_FOUND,
  OPTIONS,
  show,
  showAssignment,
  translation,
} from "./testdata/translated.ts";
import { join, split, type Translation } from "./wire.ts";

const A: BackendAt = { name: "a", host: "a.example.com", position: 0 };
const B: BackendAt = { name: "b", host: "b.example.com", position: 1 };
const RULE = "httproute/default/r/rule/0";
const MATCH = `${RULE}/match/0/*`;
const LAST = { name: "httproute/default/r/rule/1/match/0/*", action: NOT_FOUND };

const rules = (model: string, refs: string): string =>
  `[{matches: [{headers: [{name: x-ai-eg-model, value: ${model}}]}], backendRefs: ${refs}}]`;
const plan = (refs = "[{name: a}, {name: b, priority: 3}]", model = "m"): Plan =>
  compile(
    snapshot(gateway, backend("a"), key("a"), backend("b"), key("b"), route(rules(model, refs))),
  );

const simple = (filters: string[] = []): Translation =>
  translation({
    clusters: [cluster(RULE, [A, B])],
    routes: [{ name: MATCH, model: "m", filters }, LAST],
    filters,
  });

const edit = (input: Translation, ...plans: Plan[]) =>
  new TranslationEditor(OPTIONS).edit(input, plans);

describe("a rule's cluster", () => {
  test("says of each endpoint which backend it is, in the order of priorities, and keeps its TLS", () => {
    const { clusters } = show(edit(simple(), plan()).output);
    const who = (name: string) => ({
      [ENDPOINT_METADATA_NAMESPACE]: {
        per_route_rule_backend_name: expect.stringContaining(`rule/0/backend/default/${name}/`),
        ai_service_backend_name: `default/${name}`,
      },
    });
    expect(clusters[0]?.load_assignment?.endpoints).toMatchObject([
      {
        lb_endpoints: [
          {
            metadata: {
              filter_metadata: {
                ...who("a"),
                "envoy.transport_socket_match": { name: `${RULE}/tls/0` },
              },
            },
          },
        ],
      },
      { priority: 1, lb_endpoints: [{ metadata: { filter_metadata: who("b") } }] },
    ]);
  });

  test("takes no revision with it, or every change of a plan would replace it", () => {
    const { output } = edit(simple(), plan());
    expect(Buffer.concat(output.clusters).toString("latin1")).not.toContain("r-1");
  });

  test.each([
    ["another object stands there", [{ ...A, name: "other" }, B]],
    ["it stands at another address", [{ ...A, host: "elsewhere.example.com" }, B]],
    ["it stands in another place", [{ ...A, position: 4 }, B]],
  ])("loses endpoints that the plan does not know: %s", (_, backends) => {
    const input = translation({
      clusters: [cluster(RULE, backends)],
      routes: [{ name: MATCH, model: "m" }, LAST],
    });
    const { output, report } = edit(input, plan());
    const text = JSON.stringify(show(output).clusters[0]?.load_assignment);
    expect(text).not.toContain(backends[0]?.host);
    expect(text).toContain("b.example.com");
    expect(report.unknownEndpoints.get(RULE)).toBe(1);
  });

  test("follows an older plan where that one is what Envoy Gateway has", () => {
    const moved = compile(
      snapshot(
        gateway,
        backend("a", "OpenAI", "", "new.example.com"),
        backend("b"),
        route(rules("m", "[{name: a}, {name: b}]")),
      ),
    );
    const { report } = edit(simple(), moved, plan());
    expect(report.unknownEndpoints.size).toBe(0);
    expect(edit(simple(), moved).report.unknownEndpoints.get(RULE)).toBe(1);
  });

  test("keeps fields that are not spoken here", () => {
    const unknown = Uint8Array.of(0xc2, 0x3e, 0x02, 0x68, 0x69); // field 1000
    const input = simple();
    const [first = new Uint8Array()] = input.clusters;
    const { output } = edit({ ...input, clusters: [Buffer.concat([first, unknown])] }, plan());
    expect(Buffer.from(output.clusters[0] ?? []).includes(unknown)).toBe(true);
  });
});

describe("a Gateway with a forward proxy", () => {
  const behind = (address: string): Plan =>
    compile(
      snapshot(
        gateway.replace("spec: {}", `spec: {forwardProxy: {address: "${address}"}}`),
        backend("a"),
        backend("b"),
        route(rules("m", "[{name: a}, {name: b}]")),
      ),
    );
  const tls = {
    transport_socket_matches: [
      {
        name: `${RULE}/tls/0`,
        match: { name: `${RULE}/tls/0` },
        transport_socket: extension(
          "envoy.transport_sockets.tls",
          "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
          { sni: "a.example.com" },
        ),
      },
    ],
  };
  const editedBy = (proxy: string, resolve: (host: string) => string | undefined) => {
    const input = translation({
      clusters: [{ ...cluster(RULE, [A, B]), ...tls }],
      routes: [{ name: MATCH, model: "m" }, LAST],
    });
    const editor = new TranslationEditor({ ...OPTIONS, resolve });
    return show(editor.edit(input, [behind(proxy)]).output).clusters;
  };

  test.each([
    ["by address", "10.1.2.3:3128", () => undefined],
    ["by name", "proxy.example.com:3128", () => "10.1.2.3"],
  ])("%s: every backend is reached through it, with its own TLS inside", (_, proxy, resolve) => {
    const [own, ...others] = editedBy(proxy, resolve);
    const through = (inner: object) => ({
      name: "envoy.transport_sockets.http_11_proxy",
      typed_config: {
        default_proxy_address: { socket_address: { address: "10.1.2.3", port_value: 3128 } },
        transport_socket: inner,
      },
    });
    expect(own?.transport_socket_matches).toMatchObject([
      { transport_socket: through({ typed_config: { sni: "a.example.com" } }) },
    ]);
    expect(own?.transport_socket).toMatchObject(
      through({ name: "envoy.transport_sockets.raw_buffer" }),
    );
    expect(JSON.stringify(others)).not.toContain("http_11_proxy");
  });

  test("whose name has no address: nothing passes, least of all past it", () => {
    const [own] = editedBy("proxy.example.com:3128", () => undefined);
    expect(own?.load_assignment).toEqual({ cluster_name: RULE });
  });
});

describe("without a plan that agrees", () => {
  test.each([
    ["none is made yet", [] as Plan[]],
    ["it has other matches", [plan("[{name: a}, {name: b}]", "other")]],
    ["it has no such route", [compile(snapshot(gateway))]],
  ])("every request is refused: %s", (_, plans) => {
    const { output, report } = edit(simple(), ...plans);
    const { clusters, routes } = show(output);
    expect(report.denied).toEqual(["default/r/rule/0"]);
    expect(routes.find(({ name }) => String(name) === MATCH)).toMatchObject({
      direct_response: { status: 503 },
    });
    expect(clusters[0]?.load_assignment).toEqual({ cluster_name: RULE });
    expect(JSON.stringify(clusters[0])).toContain("try again");
  });
});

describe("routes", () => {
  test("a rule takes what has a model, tells our filters its wishes, and others theirs", () => {
    const auth = "envoy.filters.http.ext_authz/securitypolicy/default/p";
    const found = show(edit(simple([auth]), plan()).output).routes.find(
      ({ name }) => String(name) === MATCH,
    );
    expect(found?.match).toMatchObject({
      headers: [{ name: "x-ai-eg-model" }, { name: "x-ai-eg-endpoint", present_match: true }],
    });
    expect(found?.metadata).toMatchObject({
      filter_metadata: {
        "envoy.filters.http.lua/aigateway": {
          wishes: expect.stringContaining("chat-completions\tlane=native"),
          filters: expect.stringContaining(mark(auth)),
        },
      },
    });
    expect(found?.request_headers_to_remove).toContain("x-ai-eg-filters");
  });

  test("known paths come first, with every filter on that a route of the host may want", () => {
    const auth = "envoy.filters.http.ext_authz/securitypolicy/default/p";
    const [first] = show(edit(simple([auth]), plan()).output).routes;
    expect(first?.match).toMatchObject({
      path: "/v1/chat/completions",
      headers: [{ name: ":method" }, { name: "x-ai-eg-endpoint", invert_match: true }],
    });
    expect(Object.keys(first?.typed_per_filter_config ?? {})).toEqual(
      expect.arrayContaining([auth, "envoy.filters.http.lua/aigateway"]),
    );
  });

  test("retries as planned where no policy says how; what a policy says stays", () => {
    const own = { retry_policy: { retry_on: "5xx", num_retries: 7 } };
    const retries = (action: object) =>
      show(
        edit(
          translation({
            clusters: [cluster(RULE, [A, B])],
            routes: [{ name: MATCH, model: "m", action: { route: { cluster: RULE, ...action } } }],
          }),
          plan(),
        ).output,
      ).routes.find(({ name }) => String(name) === MATCH)?.route?.retry_policy;
    expect(retries({})).toMatchObject({ num_retries: 1, retry_priority: {} });
    expect(retries(own)).toEqual({ retry_on: "5xx", num_retries: 7 });
  });

  test("requests shared among clusters fail over: each first one is followed by all others", () => {
    const parts = [A, B].map((each) => cluster(`${RULE}/backend/${each.position}`, [each], RULE));
    const weighted = {
      route: {
        weighted_clusters: {
          clusters: [
            { name: "invalid-backend-cluster", weight: 1 },
            { name: `${RULE}/backend/1`, weight: 30 },
            { name: `${RULE}/backend/0`, weight: 70 },
          ],
        },
      },
    };
    const shared = (refs: string) =>
      show(
        edit(
          translation({
            clusters: parts,
            routes: [{ name: MATCH, model: "m", action: weighted }, LAST],
          }),
          plan(refs),
        ).output,
      );
    const weights = ({ routes }: ReturnType<typeof show>) =>
      routes.find(({ name }) => String(name) === MATCH)?.route?.weighted_clusters?.clusters;
    const aggregate = ({ clusters }: ReturnType<typeof show>, position: number) =>
      clusters.find(({ name }) => String(name) === `${RULE}/backend/${position}/failover`)
        ?.cluster_type?.typed_config?.clusters;

    const equal = shared("[{name: a}, {name: b}]");
    expect(weights(equal)).toEqual([
      { name: `${RULE}/backend/0/failover`, weight: 70 },
      { name: `${RULE}/backend/1/failover`, weight: 30 },
    ]);
    expect(aggregate(equal, 1)).toEqual([`${RULE}/backend/1`, `${RULE}/backend/0`]);

    const ordered = shared("[{name: a, priority: 1}, {name: b}]");
    expect(weights(ordered)).toEqual([{ name: `${RULE}/backend/1/failover`, weight: 30 }]);
    expect(aggregate(ordered, 1)).toEqual([`${RULE}/backend/1`, `${RULE}/backend/0`]);
    expect(aggregate(ordered, 0)).toBeUndefined();
  });

  describe("endpoints that only some of the backends can serve", () => {
    const mixed = compile(
      snapshot(
        gateway,
        backend("a", "Anthropic"),
        backend("b"),
        route(rules("m", "[{name: a}, {name: b, priority: 3}]")),
      ),
    );
    const shownBy = (input: Translation) => show(edit(input, mixed).output);
    const PART = `${MATCH}/only/1/0`;
    const OWN = { "envoy.lb": { "ai-eg-part": ["1"] } };

    test("have routes of their own, which ask one cluster for hosts of these backends", () => {
      const { routes, clusters } = shownBy(simple());
      const names = routes.map(({ name }) => String(name));
      expect(names.indexOf(PART)).toBeLessThan(names.indexOf(MATCH));
      const [part, whole] = [PART, MATCH].map((name) =>
        routes.find((r) => String(r.name) === name),
      );
      expect(part?.route?.metadata_match?.filter_metadata).toEqual({
        "envoy.lb": { "ai-eg-part": "1" },
      });
      expect(JSON.stringify(part?.match)).toContain('"embeddings|');
      expect(whole?.route?.metadata_match).toBeUndefined();
      expect(clusters[0]?.load_balancing_policy?.policies).toMatchObject([
        {
          typed_extension_config: {
            typed_config: { subset_selectors: [{ fallback_policy: "NO_FALLBACK" }] },
          },
        },
      ]);
      expect(clusters[0]?.load_assignment?.endpoints).toMatchObject([
        { lb_endpoints: [{ metadata: { filter_metadata: expect.not.objectContaining(OWN) } }] },
        { lb_endpoints: [{ metadata: { filter_metadata: OWN } }] },
      ]);
    });

    test("go to an aggregate of these backends where each has a cluster", () => {
      const parts = [A, B].map((each) => cluster(`${RULE}/backend/${each.position}`, [each], RULE));
      const action = {
        route: {
          weighted_clusters: {
            clusters: [0, 1].map((at) => ({ name: `${RULE}/backend/${at}`, weight: 1 })),
          },
        },
      };
      const { routes, clusters } = shownBy(
        translation({ clusters: parts, routes: [{ name: MATCH, model: "m", action }, LAST] }),
      );
      const aggregate = `${RULE}/backend/1/failover/only/1`;
      const part = routes.find(({ name }) => String(name) === PART)?.route;
      expect(part?.weighted_clusters?.clusters).toEqual([{ name: aggregate, weight: 1 }]);
      expect(
        clusters.find(({ name }) => String(name) === aggregate)?.cluster_type?.typed_config
          ?.clusters,
      ).toEqual([`${RULE}/backend/1`]);
    });
  });

  test("the model list has the models of the host", () => {
    const list = show(edit(simple(), plan()).output).routes.find(
      ({ match }) => String(match?.path) === "/v1/models",
    );
    expect(JSON.parse(String(list?.direct_response?.body?.inline_string))).toMatchObject({
      data: [{ id: "m" }],
    });
  });
});

test("answers say who served them only where a listener reads the requests' metadata", () => {
  // A name is what a format of an access log is as well: bytes of the listener.
  const texts = (filters: string[]) => {
    const { clusters, listeners } = show(edit(simple(filters), plan()).output);
    return [clusters, listeners].map((all) => JSON.stringify(all).includes("x-ai-eg-served-by"));
  };
  expect(texts([])).toEqual([false, false]);
  expect(texts(["%DYNAMIC_METADATA(io.envoy.ai_gateway:backend_name)%"])).toEqual([true, true]);
});

describe("what is no AI traffic", () => {
  const other = { name: "httproute/default/web/rule/0/match/0/*", foreign: true };

  test("a translation without AI routes goes on as it came", () => {
    const input = translation({ clusters: [cluster(other.name, [])], routes: [other] });
    expect(edit(input, plan()).output).toBe(input);
  });

  test("routes and clusters of others stay, byte for byte", () => {
    const web = cluster("httproute/default/web/rule/0", [A]);
    const input = translation({
      clusters: [web, cluster(RULE, [A, B])],
      routes: [{ name: MATCH, model: "m" }, other, LAST],
    });
    const { output } = edit(input, plan());
    expect(output.clusters[0]).toEqual(input.clusters[0]);
    const bytes = (table: Uint8Array | undefined) =>
      split(split(table ?? new Uint8Array(), 2).entries[0] ?? new Uint8Array(), 3).entries.map(
        (entry) => Buffer.from(entry).toString("hex"),
      );
    expect(bytes(output.routes[0])).toContain(bytes(input.routes[0])[1]);
  });
});

describe("endpoints over EDS", () => {
  const endpoints = (bytes: Uint8Array, ...plans: Plan[]) =>
    new TranslationEditor(OPTIONS).editEndpoints(bytes, plans);

  test("are bound as those in clusters are", () => {
    const edited = endpoints(assignmentBytes(RULE, [B, A]), plan());
    expect(showAssignment(edited ?? new Uint8Array()).endpoints).toMatchObject([
      { priority: 1 },
      { lb_endpoints: [{ metadata: { filter_metadata: { [ENDPOINT_METADATA_NAMESPACE]: {} } } }] },
    ]);
  });

  test("of others go on as they came", () => {
    expect(endpoints(assignmentBytes("httproute/default/web/rule/0", [A]), plan())).toBeUndefined();
    expect(endpoints(assignmentBytes(RULE, [A]))).toBeUndefined();
  });
});

test("garbage goes on as it came, and takes nothing else with it", () => {
  const good = simple();
  const served = plan();
  const editor = new TranslationEditor(OPTIONS);
  const last = editor.edit(good, [served]).output.clusters.at(-1);
  fc.assert(
    fc.property(
      fc.constantFrom("clusters", "secrets", "listeners", "routes" as const),
      fc.uint8Array({ minLength: 1, maxLength: 64 }),
      (kind, garbage) => {
        const input = { ...good, [kind]: [garbage, ...good[kind as keyof Translation]] };
        const { output } = editor.edit(input as Translation, [served]);
        expect(output[kind as keyof Translation][0]).toEqual(garbage);
        expect(output.clusters.at(-1)).toEqual(last);
      },
    ),
    { numRuns: 60 },
  );
});

test("a field can be taken out and put back", () => {
  const [table = new Uint8Array()] = simple().routes;
  const { entries, rest } = split(table, 2);
  expect(split(join(rest, 2, entries), 2)).toEqual({ entries, rest });
});

test("a second edit of the same is the same, whatever was edited between", () => {
  const editor = new TranslationEditor(OPTIONS);
  const first = editor.edit(simple(), [plan()]).output;
  editor.edit(simple(), []);
  editor.edit(simple(["envoy.filters.http.lua/x/0"]), [plan("[{name: a}, {name: b}]")]);
  expect(editor.edit(simple(), [plan()]).output).toEqual(first);
});
