import { modelTraits } from "./models.ts";

test.each([
  ["anthropic.claude-3-5-sonnet-20240620-v1:0", "claude", 305],
  ["us.anthropic.claude-3-7-sonnet-20250219-v1:0", "claude", 307],
  ["anthropic.claude-3-haiku-20240307-v1:0", "claude", 300],
  ["anthropic.claude-sonnet-4-20250514-v1:0", "claude", 400],
  ["global.anthropic.claude-opus-4-6-v1", "claude", 406],
  ["eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude", 405],
  ["anthropic.claude-v2", "claude", undefined],
  [
    "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-1-20250805-v1:0",
    "claude",
    401,
  ],
  ["amazon.nova-pro-v1:0", "nova", undefined],
  ["us.amazon.nova-2-lite-v1:0", "nova-2", undefined],
  ["openai.gpt-oss-120b-1:0", "gpt-oss", undefined],
  ["us.meta.llama3-3-70b-instruct-v1:0", "llama", undefined],
  [
    "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123",
    "unknown",
    undefined,
  ],
])("%s is %s %s", (model, family, claudeVersion) =>
  expect(modelTraits(model)).toEqual(
    claudeVersion === undefined ? { family } : { family, claudeVersion },
  ),
);
