import { redact } from "./redact.ts";

test("hides keys and keeps everything else", () => {
  const shown = redact({
    name: "aigw/default/key",
    generic_secret: { secret: { inline_string: "Bearer sk-canary" } },
    filters: [{ inline_credential: { access_key_id: "AKIA-canary", secret_access_key: "canary" } }],
    region: "us-east-1",
  });
  expect(JSON.stringify(shown)).not.toContain("canary");
  expect(shown).toMatchObject({ name: "aigw/default/key", region: "us-east-1" });
});
