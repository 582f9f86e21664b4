import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { KubeObject } from "../support/kube/client.ts";

/** An object and what must become of it, on the API server and in zod alike. */
export interface Case {
  /** `AIGatewayRoute/two-pools`. */
  name: string;
  expect: "accepted" | "rejected";
  /** Field that is at fault, as `spec.rules[0].name`. */
  field?: string;
  /** Part of what is said about it. */
  message?: string;
  /** Fields that are dropped with a warning. */
  warns?: string[];
  /** Defaults that are filled in, by field. */
  defaults?: Record<string, unknown>;
  object: KubeObject;
}

const FOLDER = path.join(__dirname, "cases");

/** Every case under test/crds/cases, one YAML file each, in a folder by kind. */
export function readCases(): Case[] {
  return readdirSync(FOLDER).flatMap((kind) =>
    readdirSync(path.join(FOLDER, kind)).map((file) => {
      const text = readFileSync(path.join(FOLDER, kind, file), "utf8");
      return { name: `${kind}/${path.basename(file, ".yaml")}`, ...parse(text) } as Case;
    }),
  );
}

/** The value of a field such as `spec.rules[0].name`. */
export function valueAt(object: unknown, field: string): unknown {
  return field
    .split(/[.[\]]+/)
    .filter((step) => step !== "")
    .reduce<unknown>(
      (value, step) => (value as Record<string, unknown> | undefined)?.[step],
      object,
    );
}
