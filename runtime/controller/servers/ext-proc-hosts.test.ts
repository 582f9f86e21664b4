import { gateway, snapshot } from "../../../test/support/yaml-resources.ts";
import { compile } from "../compile/compile.ts";
import { withExtProcPlaces } from "../objects/ext-proc-places.ts";
import { accountingOf } from "./ext-proc-hosts.ts";

test("requests are reported beside the ext_proc of a Gateway's own as soon as that serves", () => {
  const own = gateway.replace("spec: {}", "spec: {extProc: {kubernetes: {}}}");
  const hostOf = (text: string, ...available: string[]) => {
    const plan = withExtProcPlaces(compile(snapshot(text)), new Set(available));
    return accountingOf(plan, "default/gw", { host: "common", accountingPort: 1 });
  };
  const deployment = "default/ai-eg-ext-proc-gw";
  const common = { host: "common", port: 1 };
  expect(hostOf(own)).toEqual(common);
  expect(hostOf(gateway, deployment)).toEqual(common);
  expect(hostOf(own, deployment)).toEqual({
    host: "ai-eg-ext-proc-gw.default.svc.cluster.local",
    port: 1065,
  });
  expect(accountingOf(undefined, "default/gw", { host: "common", accountingPort: 1 })).toEqual(
    common,
  );
});
