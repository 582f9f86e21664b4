/**
 * A program whose inputs are outputs, to be run as a process of its own: Pulumi tells of a failed
 * registration by an unhandled rejection, which a test runner takes for its own failure. Prints what
 * the program's author is told, or `nothing`.
 */
import * as pulumi from "@pulumi/pulumi";
import { AiGateway } from "../../components/index.ts";
import { type EvaluateOptions, evaluate } from "../../components/render/evaluate.ts";

class Later extends pulumi.CustomResource {
  constructor(name: string) {
    super("test:index:Later", name, {});
  }
}

const gateway = (backend: { host?: pulumi.Input<string>; key?: pulumi.Input<string> }): AiGateway =>
  new AiGateway("ai", {
    backends: {
      openai: {
        schema: "OpenAI",
        host: backend.host ?? "api.openai.com",
        apiKey: { value: backend.key ?? "sk-example" },
      },
    },
    routes: { chat: { rules: [{ models: ["gpt"], backends: [{ backend: "openai" }] }] } },
    controlPlane: { image: "registry.example.com/envoy-ai-gateway@sha256:0" },
  });

const programs: Record<string, () => unknown> = {
  known: () => gateway({ host: pulumi.output("https://api.openai.com") }),
  later: () => gateway({ host: new Later("dns").id.apply((id) => `https://${id}`) }),
  secret: () => gateway({ key: pulumi.secret("sk-with\u0007bell") }),
};

const [name = "", mode] = process.argv.slice(2);
const options: EvaluateOptions = { preview: mode === "preview" };
const registered = await evaluate(async () => programs[name]?.(), options).then(
  () => "nothing",
  (error: Error) => error.message,
);
process.stdout.write(registered);
