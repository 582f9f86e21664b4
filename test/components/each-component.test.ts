/** Every component by itself: what it registers, under which URNs, from values and from outputs alike. */
import * as pulumi from "@pulumi/pulumi";
import * as components from "../../components/index.ts";
import { componentInputs } from "../../components/inputs/args.ts";
import { evaluate, type Registered } from "../../components/render/evaluate.ts";
import { withOutputs } from "../support/pulumi/package-schema.ts";
import { inputsOf, NAME } from "./each-component.ts";

type Component = new (
  name: string,
  args: unknown,
  opts: pulumi.ComponentResourceOptions,
) => pulumi.ComponentResource;

interface Made {
  resources: Registered[];
  urns: string[];
  outputs: Record<string, unknown>;
}

const known = <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => output.apply(resolve));

const idOf = ({ type, name }: Registered): string => `${type} ${name}`;

async function made(kind: string, args: unknown): Promise<Made> {
  const all: pulumi.Resource[] = [];
  const keep: pulumi.ResourceTransformation = ({ resource }) => {
    all.push(resource);
    return undefined;
  };
  const Kind = (components as unknown as Record<string, Component>)[kind];
  if (Kind === undefined) throw new Error(`${kind} is not exported`);
  const { resources, result } = await evaluate(
    () => new Kind(NAME, args, { transformations: [keep] }),
  );
  const outputs = Object.entries(result).filter(
    ([name, value]) => name !== "urn" && !name.startsWith("_") && pulumi.Output.isInstance(value),
  );
  return {
    resources: resources.sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1)),
    urns: (await Promise.all(all.map(({ urn }) => known(urn)))).sort(),
    outputs: Object.fromEntries(
      await Promise.all(
        outputs.map(async ([name, value]) => [name, await known(value as pulumi.Output<unknown>)]),
      ),
    ),
  };
}

/** The runtime's manifests and the definitions have tests of their own that hold every field. */
const OF_THE_RUNTIME = ["AiGateway", "ControlPlane"];

test("no component is left out", () => {
  expect(Object.keys(inputsOf).sort()).toEqual(Object.keys(componentInputs).sort());
});

describe.each(Object.keys(inputsOf))("%s", (kind) => {
  let plain: Made;
  beforeAll(async () => {
    plain = await made(kind, inputsOf[kind]);
  });

  test("has these resources, children all, under URNs that do not change", () => {
    expect(plain.urns).toMatchSnapshot();
    const objects = plain.resources.filter(({ custom }) => custom).map(({ inputs }) => inputs);
    if (!OF_THE_RUNTIME.includes(kind)) expect(objects).toMatchSnapshot();
  });

  test("takes outputs wherever it takes values, and makes the same of them", async () => {
    const { args, outputs } = withOutputs(kind, inputsOf[kind]);
    if (kind !== "ExtProc") expect(outputs).toBeGreaterThan(0);
    expect(await made(kind, args)).toEqual(plain);
  });
});
