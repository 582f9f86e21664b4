import { USAGE_KEYS as NATIVE_USAGE_KEYS } from "../../controller/compile/costs.ts";
import {
  METADATA_NAMESPACE as CONTROLLER_NAMESPACE,
  ENDPOINT_HEADER,
  MODEL_HEADER,
  ORIGINAL_PATH_HEADER,
} from "../../controller/names.ts";
import { SHAPED_KEY as CONTROLLER_SHAPED_KEY } from "../../controller/xds/local-replies.ts";
import { HEADERS } from "../session/session.ts";
import { AttemptMetadata, METADATA_NAMESPACE, SHAPED, USAGE_KEYS } from "./metadata.ts";

test("both planes mean the same names, though neither imports the other", () => {
  expect(METADATA_NAMESPACE).toBe(CONTROLLER_NAMESPACE);
  expect(SHAPED.values).toEqual({ [CONTROLLER_SHAPED_KEY]: true });
  expect(NATIVE_USAGE_KEYS).toMatchObject(USAGE_KEYS);
  expect(HEADERS).toEqual({
    endpoint: ENDPOINT_HEADER,
    model: MODEL_HEADER,
    originalPath: ORIGINAL_PATH_HEADER,
  });
});

test("a cost whose expression fails keeps the value that it had, and is told of", () => {
  const failed: string[] = [];
  const metadata = new AttemptMetadata(
    {
      v: 1,
      route: "n/r",
      backend: "n/b",
      schema: "OpenAI",
      costs: [
        { key: "bad", type: "CEL", cel: "input_tokens / uint(0)" },
        { key: "good", type: "CEL", cel: "input_tokens * uint(2)" },
      ],
    },
    { originalModel: "a", model: "b", inputEstimate: 10 },
    ({ key }) => failed.push(key),
  );
  const { values } = metadata.request();
  expect(values).toMatchObject({ good: 20 });
  expect(values).not.toHaveProperty("bad");
  expect(failed).toEqual(["bad"]);
});

test("latency between tokens is per gap, and none where there is none", () => {
  const metadata = new AttemptMetadata(
    { v: 1, route: "n/r", backend: "n/b", schema: "OpenAI" },
    { originalModel: "a", model: "b", inputEstimate: 10 },
    () => undefined,
  );
  const told = (outputTokens: number) =>
    metadata.answer({
      usage: { outputTokens },
      responseModel: undefined,
      outputEstimate: 0,
      firstTokenMs: 100,
      lastTokenMs: 400,
    }).values;
  expect(told(4)).toMatchObject({ token_latency_ttft: 100, token_latency_itl: 100 });
  expect(told(1)).toMatchObject({ token_latency_itl: 0 });
});
