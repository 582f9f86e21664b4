/** `envoy-ai-gateway/render`: what a program or its inputs come to, without a cluster. */
export {
  type EvaluateOptions,
  type Evaluation,
  evaluate,
  objectsOf,
  type Registered,
} from "./evaluate.ts";
export { evaluateProject, type ProgramOptions } from "./program.ts";
export { type Rendered, render } from "./render.ts";
