import { createHash } from "node:crypto";
import { mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { dataOf, fieldOf, type References } from "./environment.ts";
import type { Pod, Volume } from "./pod.ts";

/** A token for the Pod's service account. */
export type TokenSource = (audience: string | undefined, seconds: number) => Promise<string>;

export interface VolumeContext {
  pod: Pod;
  address: string;
  references: References;
  token: TokenSource;
}

/**
 * Files that a volume holds now, or undefined where it begins empty and is the Pod's own.
 *
 * @throws NotThereYet
 */
export async function filesOf(
  volume: Volume,
  context: VolumeContext,
): Promise<Map<string, Buffer> | undefined> {
  const { pod, references } = context;
  const { secret, configMap, downwardAPI, projected } = volume;
  if (volume.emptyDir) return undefined;
  const sources = projected?.sources ?? [
    {
      ...(secret && { secret: { ...secret, name: secret.secretName } }),
      ...(configMap && { configMap }),
      ...(downwardAPI && { downwardAPI }),
    },
  ];
  const files = new Map<string, Buffer>();
  for (const source of sources) {
    for (const kind of ["secret", "configMap"] as const) {
      const from = source[kind];
      if (from === undefined) continue;
      const data = dataOf(kind, pod.metadata.namespace, from, references) ?? {};
      const items = from.items ?? Object.keys(data).map((key) => ({ key, path: key }));
      for (const item of items) {
        const content = data[item.key];
        if (content) files.set(item.path, content);
      }
    }
    for (const item of source.downwardAPI?.items ?? []) {
      const text = fieldOf(item.fieldRef?.fieldPath ?? "", pod, context.address);
      files.set(item.path, Buffer.from(text));
    }
    if ("serviceAccountToken" in source && source.serviceAccountToken) {
      const { path: file, audience, expirationSeconds = 3600 } = source.serviceAccountToken;
      files.set(file, Buffer.from(await context.token(audience, expirationSeconds)));
    }
  }
  return files;
}

/**
 * Lays files out so that readers see all of the old or all of the new: each file is a link through
 * `..data`, which is replaced at once. Says whether anything changed.
 */
export async function layOut(folder: string, files: ReadonlyMap<string, Buffer>): Promise<boolean> {
  await mkdir(folder, { recursive: true });
  const version = `..${versionOf(files)}`;
  const present = await readdir(folder);
  if (present.includes(version)) return false;
  for (const [name, content] of files) {
    const file = path.join(folder, version, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content, { mode: 0o600 });
  }
  await mkdir(path.join(folder, version), { recursive: true });
  await symlink(version, path.join(folder, "..next"));
  await rename(path.join(folder, "..next"), path.join(folder, "..data"));
  const top = new Set([...files.keys()].map((name) => name.split("/")[0] ?? name));
  for (const name of top) {
    if (!present.includes(name)) await symlink(`..data/${name}`, path.join(folder, name));
  }
  for (const name of present) {
    const stale = name.startsWith("..") ? name !== "..data" : !top.has(name);
    if (stale) await rm(path.join(folder, name), { recursive: true, force: true });
  }
  return true;
}

function versionOf(files: ReadonlyMap<string, Buffer>): string {
  const hash = createHash("sha256");
  for (const [name, content] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${name.length}:${name}${content.length}:`).update(content);
  }
  return hash.digest("hex").slice(0, 16);
}
