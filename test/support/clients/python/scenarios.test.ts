import { ANTHROPIC_KEY, startAnthropic } from "../../standins/anthropic/server.ts";
import { OPENAI_KEY, startOpenAi } from "../../standins/openai/server.ts";
import type { StandIn } from "../../standins/standin.ts";
import { ANTHROPIC_ABILITIES, OPENAI_ABILITIES } from "../abilities.ts";
import { ensurePython } from "./environment.ts";
import { runPythonScenarios } from "./run.ts";

/** The first time, the clients are installed from PyPI. */
const INSTALL_MS = 180_000;
const RUN_MS = 60_000;

let interpreter: string;
let standIn: StandIn;

beforeAll(async () => {
  interpreter = await ensurePython();
}, INSTALL_MS);

afterEach(() => standIn.close());

test(
  "the Python client `openai` at the stand-in",
  async () => {
    standIn = await startOpenAi();
    const results = await runPythonScenarios(
      "openai",
      interpreter,
      {
        baseUrl: `${standIn.url}/v1`,
        apiKey: OPENAI_KEY,
        model: "gpt-4o",
        reasoningModel: "o4-mini",
        controlUrl: standIn.url,
      },
      OPENAI_ABILITIES,
    );
    expect(results.filter(({ error }) => error !== null)).toEqual([]);
    expect(results.length).toBeGreaterThanOrEqual(13);
  },
  RUN_MS,
);

test(
  "the Python client `anthropic` at the stand-in",
  async () => {
    standIn = await startAnthropic();
    const results = await runPythonScenarios(
      "anthropic",
      interpreter,
      {
        baseUrl: standIn.url,
        apiKey: ANTHROPIC_KEY,
        model: "claude-haiku-4-5",
        controlUrl: standIn.url,
      },
      ANTHROPIC_ABILITIES,
    );
    expect(results.filter(({ error }) => error !== null)).toEqual([]);
    expect(results.length).toBeGreaterThanOrEqual(13);
  },
  RUN_MS,
);

test(
  "what goes wrong is told, not thrown",
  async () => {
    standIn = await startOpenAi();
    const target = { baseUrl: standIn.url, apiKey: OPENAI_KEY, model: "gpt-4o" };
    const results = await runPythonScenarios("openai", interpreter, target, []);
    expect(results[0]?.name).toBe("answers, with usage");
    expect(results[0]?.error).toMatch(/NotFoundError.*Invalid URL/s);
  },
  RUN_MS,
);
