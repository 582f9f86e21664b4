/** What a version that was released with an image does; without one, see the wrong inputs. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { objectsOf } from "../../components/render/evaluate.ts";
import { render } from "../../components/render/index.ts";
import { evaluateGateway, twoProviders } from "./gateways.ts";

const run = promisify(execFile);
const mockImage = `registry.example.com/published@sha256:${"a".repeat(64)}`;
jest.mock("../../components/internal/published-image.ts", () => ({
  get PUBLISHED_IMAGE() {
    return mockImage;
  },
}));

test("it is what controller, external processor and sidecars run, where inputs name no other", async () => {
  const { controlPlane: _, ...inputs } = twoProviders();
  const beside = { ...inputs, gateway: { extProc: { placement: "Sidecar" } } } as const;
  const { resources } = await evaluateGateway(beside);
  const { backends, ...others } = beside;
  const values = { openai: { schema: "OpenAI", host: "api.openai.com" } } as const;
  const routes = { chat: { rules: [{ backends: [{ backend: "openai" }] }] } };
  const rendered = render("ai", { ...others, backends: values, routes }).objects;
  for (const objects of [objectsOf(resources), rendered]) {
    const running = objects.filter((object) => JSON.stringify(object).includes(mockImage));
    expect(running.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(
      expect.arrayContaining([
        "Deployment ai-gateway-controller",
        "Deployment ai-eg-ext-proc",
        "EnvoyProxy ai",
      ]),
    );
  }
  expect(Object.keys(backends)).toContain("openai");
});

test("a release writes it down by its digest, and nothing else", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "image-"));
  const file = path.join(folder, "published-image.ts");
  const release = (...words: string[]) =>
    run(process.execPath, ["--no-warnings", "components/generate/published-image.ts", ...words]);
  try {
    await release(mockImage, file);
    expect(await readFile(file, "utf8")).toContain(
      `PUBLISHED_IMAGE: string | undefined =\n  "${mockImage}"`,
    );
    await expect(release("registry.example.com/gateway:1.0.0", file)).rejects.toThrow(
      "registry.example.com/gateway:1.0.0: name the image that was pushed for this release by its digest",
    );
    // Nothing has been published: a package of these sources is not to be.
    await expect(release()).rejects.toThrow("no image: name the image");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
