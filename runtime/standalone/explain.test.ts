import { backend, gateway, key, route, snapshot } from "../../test/support/yaml-resources.ts";
import { compile } from "../controller/compile/compile.ts";
import { DEFAULT_PREFIXES } from "../endpoints/prefixes.ts";
import { explain } from "./explain.ts";

function explained(path: string, body: object, ...resources: string[]) {
  const [planned] = compile(snapshot(gateway, ...resources), { platform: "standalone" }).gateways;
  if (planned === undefined) throw new Error("no gateway was planned");
  return explain(planned, DEFAULT_PREFIXES, {
    path,
    host: "localhost",
    headers: new Map(),
    body: Buffer.from(JSON.stringify({ model: "m", ...body })),
  });
}

const MIXED = [
  backend("claude", "Anthropic"),
  backend("gpt"),
  backend("cohere", "Cohere"),
  route("[{backendRefs: [{name: claude}, {name: gpt, priority: 1}, {name: cohere, priority: 2}]}]"),
];

test("backends in order: those that can serve the endpoint", () => {
  const embeddings = explained("/v1/embeddings", { input: "a" }, ...MIXED);
  expect(embeddings).toMatchObject({
    ok: true,
    lane: "translated",
    why: "backend default/cohere speaks Cohere",
    backends: [{ name: "default/gpt" }, { name: "default/cohere" }],
  });
  expect(explained("/v1/moderations", { input: "a" }, ...MIXED)).toMatchObject({
    ok: true,
    lane: "native",
    backends: [
      { name: "default/gpt", upstream: { url: "http://gpt.example.com:443/v1/moderations" } },
    ],
  });
});

test("where none can: what they lack", () => {
  const resources = [
    backend("claude", "Anthropic"),
    backend("cohere", "Cohere"),
    route("[{backendRefs: [{name: claude}, {name: cohere}]}]"),
  ];
  expect(explained("/v1/images/generations", { prompt: "a" }, ...resources)).toEqual({
    ok: false,
    status: 404,
    message:
      'the model "m": it is not served on this endpoint: Anthropic has no API for images, Cohere has no API for images',
  });
});

test("whose credential is sent, and no secret", () => {
  const override = key("gpt").replace(
    "  type:",
    "  credentialOverride: {fromRequestHeaders: {header: x-tenant}}\n  type:",
  );
  const told = explained(
    "/v1/embeddings",
    { input: "a" },
    backend("gpt"),
    override,
    route("[{backendRefs: [{name: gpt}]}]"),
  );
  expect(told).toMatchObject({
    backends: [
      {
        upstream: {
          credential: expect.stringMatching(
            /^the request's own, from x-tenant; else header authorization from secret /,
          ),
        },
      },
    ],
  });
  expect(JSON.stringify(told)).not.toContain("sk-canary");
});
