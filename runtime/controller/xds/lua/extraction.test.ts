import fc from "fast-check";
import { LuaFactory } from "wasmoon";
import { clientPaths, matchPath } from "../../../endpoints/path-models.ts";
import { DEFAULT_PREFIXES } from "../../../endpoints/prefixes.ts";
import { endpoints } from "../../../endpoints/registry.ts";
import { ENDPOINT_HEADER, MODEL_HEADER } from "../../../program/names.ts";
import { extractionPaths } from "../paths.ts";
import { extractionScript } from "./extraction.ts";

/** What the filter makes of a request without a body. */
let ask: (path: string) => { endpoint?: string; model?: string; problem?: string };

beforeAll(async () => {
  const lua = await new LuaFactory().createEngine();
  await lua.doString(`${extractionScript(extractionPaths(DEFAULT_PREFIXES))}
    function run(path)
      local set, problem = { [':path'] = path, [':method'] = 'POST' }, nil
      local headers = {
        get = function(_, name) return set[name] end,
        replace = function(_, name, value) set[name] = value end,
      }
      envoy_on_request({
        headers = function() return headers end,
        body = function() return nil end,
        clearRouteCache = function() end,
        metadata = function() return { get = function() return nil end } end,
        respond = function(_, _, text) problem = text end,
      })
      return { endpoint = set['${ENDPOINT_HEADER}'], model = set['${MODEL_HEADER}'], problem = problem }
    end`);
  const run = lua.global.get("run");
  ask = (path) => run(path);
});

test.each([
  ["/v1beta/models/gemini-2.5-flash:generateContent", "generate-content", "gemini-2.5-flash"],
  ["/v1beta/models/m:streamGenerateContent?alt=sse", "generate-content", "m"],
  [
    "/v1beta/models/us.amazon.nova-pro-v1:0:generateContent",
    "generate-content",
    "us.amazon.nova-pro-v1:0",
  ],
  ["/v1beta/models/meta/llama%2Fx:countTokens", "gemini-count-tokens", "meta/llama/x"],
  ["/v1beta/models/:generateContent", undefined, undefined],
  ["/v1beta/models/m:embedContent", undefined, undefined],
])("%s", (path, endpoint, model) => {
  const { problem, ...told } = ask(path);
  expect(told).toEqual({ ...(endpoint && { endpoint }), ...(model && { model }) });
  expect(problem).toBeUndefined();
});

test.each(["%zz", "a%", "a%0ab", "x".repeat(1100)])("refuses the model %j in a path", (model) => {
  const { problem, model: told } = ask(`/v1beta/models/${model}:generateContent`);
  expect(problem).toMatch(/path/);
  expect(told).toBeUndefined();
});

test("both readers of paths say the same", () => {
  const paths = endpoints
    .filter(({ method }) => method === "POST")
    .flatMap((endpoint) => clientPaths(endpoint, DEFAULT_PREFIXES));
  const model = fc
    .string({ minLength: 1, maxLength: 12, unit: "grapheme" })
    .map(encodeURIComponent);
  const path = fc
    .tuple(fc.constantFrom(...paths), fc.oneof(model, fc.constantFrom("a/b", "a:b", "")))
    .map(([text, name]) => text.replace("{model}", name));
  fc.assert(
    fc.property(path, (asked) => {
      const found = endpoints.flatMap((endpoint) => {
        const match = endpoint.method === "POST" && matchPath(endpoint, DEFAULT_PREFIXES, asked);
        return match ? [{ endpoint: endpoint.id, ...match }] : [];
      });
      const { endpoint, model: told, problem } = ask(asked);
      expect(endpoint).toBe(found[0]?.endpoint);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the filter refuses these
      if (found[0]?.model === undefined || /[\u0000-\u001f\u007f]/.test(found[0].model)) {
        expect(told).toBeUndefined();
      } else {
        expect({ told, problem }).toEqual({ told: found[0].model });
      }
    }),
    { numRuns: 300 },
  );
});
