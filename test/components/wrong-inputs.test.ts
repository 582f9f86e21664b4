import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { findings } from "../../components/internal/accept.ts";
import { judgeGateway } from "../../components/internal/gateway-inputs.ts";
import { settle } from "../../components/internal/inputs.ts";
import { told } from "../../components/internal/judge.ts";
import { evaluateGateway } from "./gateways.ts";
import { wrongInputs } from "./wrong-inputs.ts";

jest.setTimeout(60_000);

const run = promisify(execFile);
const LATE = path.join(__dirname, "late.ts");

const right = () => ({
  backends: {
    openai: { schema: "OpenAI", host: "api.openai.com", apiKey: { value: "sk-example" } },
    bedrock: {
      schema: "AWSBedrock",
      host: "bedrock-runtime.us-east-1.amazonaws.com",
      aws: { region: "us-east-1" },
    },
    rerank: { schema: "Cohere", host: "api.cohere.com" },
  },
  routes: { chat: { rules: [{ models: ["gpt"], backends: [{ backend: "openai" }] }] } },
  controlPlane: { image: "registry.example.com/envoy-ai-gateway@sha256:0" },
});

function changed(inputs: object, at: string, value: unknown): object {
  if (at === "") return { ...inputs, ...(value as object) };
  const steps = at.match(/[^.[\]]+/g) ?? [];
  const last = steps.pop() ?? "";
  const target = steps.reduce<Record<string, unknown>>(
    (object, step) => object[step] as Record<string, unknown>,
    inputs as Record<string, unknown>,
  );
  target[last] = value;
  return inputs;
}

/** What the author of the inputs is told, without the gateway's name. */
const judged = (inputs: object): string =>
  told("", findings("AiGateway", settle(inputs), judgeGateway("ai") as never).errors).replace(
    /^:? /,
    "",
  );

test("right inputs are not refused", () => {
  const { errors, warnings } = findings("AiGateway", settle(right()), judgeGateway("ai") as never);
  expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
});

test.each(wrongInputs)("$title", ({ at, value, says }) => {
  const said = judged(changed(right(), at, value));
  if (says.endsWith("…")) expect(said.startsWith(says.slice(0, -1))).toBe(true);
  else expect(said).toBe(says);
});

test("a wrong value is refused before any object is registered", async () => {
  const inputs = changed(right(), "backends.openai.port", 70_000);
  await expect(evaluateGateway(inputs)).rejects.toThrow(
    'AiGateway "ai": backends.openai.port: must be at most 65535',
  );
});

describe("outputs", () => {
  const told = async (program: string, mode: "preview" | "up"): Promise<string> => {
    const { stdout } = await run(process.execPath, ["--no-warnings", LATE, program, mode]);
    return stdout;
  };
  const NO_HOST = /^AiGateway "ai": backends\.openai\.host: must be a host name/;

  test("that preview knows are judged in preview", async () => {
    expect(await told("known", "preview")).toMatch(NO_HOST);
  });

  test("that preview does not know are judged when they are known", async () => {
    expect(await told("later", "preview")).toBe("nothing");
    expect(await told("later", "up")).toMatch(NO_HOST);
  });

  test("that are secrets are judged and not told", async () => {
    expect(await told("secret", "preview")).toBe(
      'AiGateway "ai": backends.openai.apiKey: entry apiKey of Secret ai-openai is empty or has characters that no header may hold',
    );
  });
});
