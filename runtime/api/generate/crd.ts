import { Document, isCollection, isPair, isScalar, visit, type YAMLMap } from "yaml";
import type { KindDefinition, KindVersion } from "../kinds.ts";
import { GROUP } from "../shared/resource.ts";
import { deprecationWarning } from "../validate.ts";
import { type Structural, structural } from "./structural.ts";

/** First lines of every generated file. */
export const GENERATED_FROM = "Generated from the schemas in runtime/api by `npm run generate`.";

/** The CustomResourceDefinition of a kind, as YAML. */
export function crdYaml(definition: KindDefinition): string {
  const document = new Document(crd(definition), { aliasDuplicateObjects: false });
  visit(document, {
    Map: (_, map, ancestors) => {
      // One line for a short node: a field without a description, a name with its limits.
      map.flow = map.items.every(({ value }) => isScalar(value)) && fitsOneLine(map, ancestors);
    },
  });
  return `# ${GENERATED_FROM} Do not edit.\n${document.toString({ lineWidth: 0, singleQuote: false })}`;
}

const LINE = 100;

/** Whether a map may stand on one line, as the formatter of this repository would leave it. */
function fitsOneLine(map: YAMLMap, ancestors: readonly unknown[]): boolean {
  if (map.has("description") || map.has("rule")) return false;
  const indent = ancestors.filter(isCollection).length * 2;
  const own = ancestors[ancestors.length - 1];
  const name = isPair(own) ? `${String(own.key)}: ` : "";
  return indent + name.length + JSON.stringify(map).length + 2 * map.items.length < LINE;
}

/** The CustomResourceDefinition of a kind, as an object. */
export function crd(definition: KindDefinition): object {
  const { kind, plural, shortNames, scope, labels, versions } = definition;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${plural}.${GROUP}`,
      ...(Object.keys(labels).length > 0 ? { labels } : {}),
    },
    spec: {
      group: GROUP,
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular: kind.toLowerCase(),
        ...(shortNames.length > 0 ? { shortNames } : {}),
      },
      scope,
      versions: versions.map((version) => crdVersion(version, versions[0].name)),
    },
  };
}

function crdVersion({ name, storage, deprecated, schema }: KindVersion, stored: string): object {
  const { description, properties = {}, required = [] } = structural(schema);
  const { spec = {}, status = {} } = properties;
  // Descriptions of the version that people should use are enough: they are most of a CRD's size.
  const trim = (node: Structural): Structural => withoutNames(node, !deprecated);
  return {
    name,
    served: true,
    storage,
    ...(deprecated ? { deprecated, deprecationWarning: deprecationWarning(name, stored) } : {}),
    subresources: { status: {} },
    additionalPrinterColumns: [
      { name: "Status", type: "string", jsonPath: ".status.conditions[-1:].type" },
    ],
    schema: {
      openAPIV3Schema: {
        description,
        type: "object",
        ...(required.includes("spec") ? { required: ["spec"] } : {}),
        properties: {
          apiVersion: { type: "string" },
          kind: { type: "string" },
          metadata: { type: "object" },
          // An absent spec stays absent in the store; readers take it for an empty one.
          spec: withoutDefault(trim(spec)),
          status: trim(status),
        },
      },
    },
  };
}

const withoutDefault = ({ default: _, ...node }: Structural): Structural => node;

function withoutNames(node: Structural, describe: boolean): Structural {
  const { "x-type-name": _, description, ...rest } = node;
  const { properties, items, additionalProperties } = rest;
  return {
    ...(describe && description !== undefined ? { description } : {}),
    ...rest,
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, p]) => [name, withoutNames(p, describe)]),
          ),
        }),
    ...(items === undefined ? {} : { items: withoutNames(items, describe) }),
    ...(additionalProperties === undefined
      ? {}
      : { additionalProperties: withoutNames(additionalProperties, describe) }),
  };
}
