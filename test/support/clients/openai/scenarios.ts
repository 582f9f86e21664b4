import { finished, type Scenario } from "../scenario.ts";
import { chat } from "./chat.ts";
import { openAiContext } from "./context.ts";
import { failures } from "./failures.ts";
import { reasoning } from "./reasoning.ts";
import { responses } from "./responses.ts";
import { toolUse } from "./tools.ts";

/** What applications do with the npm package `openai`. */
export const openAiScenarios: Scenario[] = finished(
  [...chat, ...toolUse, ...reasoning, ...failures],
  openAiContext,
);

/** What they do with its `responses`. */
export const responsesScenarios: Scenario[] = finished(responses, openAiContext);
