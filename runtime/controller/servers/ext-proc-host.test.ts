import { gateway, snapshot } from "../../../test/support/yaml-resources.ts";
import { compile } from "../compile/compile.ts";
import { extProcHost } from "./ext-proc-host.ts";

test("a Gateway with settings of its own for ext_proc is sent to the one that has them", () => {
  const own = gateway.replace("spec: {}", "spec: {extProc: {kubernetes: {}}}");
  const host = (text: string) => extProcHost(compile(snapshot(text)), "default/gw", "common");
  expect(host(own)).toBe("ai-eg-ext-proc-gw.default.svc.cluster.local");
  expect(host(gateway)).toBe("common");
  expect(extProcHost(undefined, "default/gw", "common")).toBe("common");
});
