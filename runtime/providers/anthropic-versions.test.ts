/** Claude on the clouds: the version of its protocol stands in the body, and a backend may name another. */
import { awsAnthropic } from "./aws-anthropic/index.ts";
import { gcpAnthropic } from "./gcp-anthropic/index.ts";

const conversation = {
  model: "m",
  stream: false,
  system: [],
  turns: [{ role: "user" as const, content: [{ type: "text" as const, text: "Hi" }] }],
  tools: [],
  maxTokens: 9,
  vendor: {},
};

test.each([
  [awsAnthropic, "bedrock-2023-05-31"],
  [gcpAnthropic, "vertex-2023-10-16"],
])("$meta.schema", (provider, usual) => {
  for (const version of [undefined, "newer-2027-01-01"]) {
    const context = { prefix: "", ...(version === undefined ? {} : { version }) };
    const edit = provider.passthrough.messages?.wrapping?.request(context, () => undefined);
    expect(new Map(edit).get("anthropic_version")).toBe(JSON.stringify(version ?? usual));
    const encoded = provider.conversation?.encode(conversation, context);
    expect(JSON.parse(String(encoded?.body)).anthropic_version).toBe(version ?? usual);
  }
});
