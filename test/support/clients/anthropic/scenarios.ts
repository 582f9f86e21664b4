import { finished, type Scenario } from "../scenario.ts";
import { anthropicContext } from "./context.ts";
import { failures } from "./failures.ts";
import { messages } from "./messages.ts";
import { thinking } from "./thinking.ts";
import { toolUse } from "./tools.ts";

/** What applications do with the npm package `@anthropic-ai/sdk`. */
export const anthropicScenarios: Scenario[] = finished(
  [...messages, ...toolUse, ...thinking, ...failures],
  anthropicContext,
);
