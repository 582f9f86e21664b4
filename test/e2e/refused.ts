/**
 * A program with a wrong input on the real engine, as a process of its own, since a test runner takes
 * the way in which such a program ends for its own failure. Prints what preview and up say.
 */
import { AiGateway } from "../../components/index.ts";
import { startEngine } from "../support/pulumi/engine.ts";

const [kubeconfig = ""] = process.argv.slice(2);
const said: string[] = [];
process.on("unhandledRejection", () => {});
const engine = await startEngine(kubeconfig);
const stack = await engine.stack("wrong", async () => {
  new AiGateway("ai", {
    backends: { openai: { schema: "OpenAI", host: "https://api.openai.com" } },
    routes: { chat: { rules: [{ backends: [{ backend: "openai" }] }] } },
    controlPlane: { install: false },
    envoyGateway: { install: false },
  });
});
const onOutput = (text: string): void => void said.push(text);
for (const run of ["preview", "up"] as const) {
  await stack[run]({ onOutput, onError: onOutput }).then(
    () => said.push("nothing"),
    (error: Error) => said.push(error.message),
  );
}
await engine.close();
process.stdout.write(said.join("\n"));
process.exit();
