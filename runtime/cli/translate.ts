import { stringify } from "yaml";
import { DEFAULT_PREFIXES, type Prefixes } from "../endpoints/prefixes.ts";
import { assemble } from "../standalone/assemble.ts";
import { loadConfig } from "../standalone/config/load.ts";
import { prepare } from "../standalone/prepare.ts";
import { redact } from "../standalone/redact.ts";
import { systemCaFile } from "./run.ts";

interface TranslateOptions {
  output: "yaml" | "json";
  endpointPrefixes?: Prefixes;
}

/** `aigw translate`: Envoy's configuration on standard output, problems on standard error. */
export async function translateCommand(
  config: string | undefined,
  options: TranslateOptions,
): Promise<void> {
  const { gateway, errors, warnings } = prepare(
    await loadConfig({ path: config, env: process.env }),
  );
  for (const error of errors) process.stderr.write(`error: ${error}\n`);
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  if (errors.length > 0) process.exitCode = 1;
  if (gateway === undefined) return;
  const resources = assemble(gateway, {
    listen: { host: "127.0.0.1", port: 1975 },
    extProc: [{ path: "ext_proc.sock" }],
    accounting: { path: "accounting.sock" },
    prefixes: options.endpointPrefixes ?? DEFAULT_PREFIXES,
    bufferBytes: 32 * 1024 * 1024,
    systemCaFile: systemCaFile(),
    accessLog: false,
  });
  const shown = redact({ ...resources });
  process.stdout.write(
    options.output === "json"
      ? `${JSON.stringify(shown, null, 2)}\n`
      : stringify(shown, { aliasDuplicateObjects: false, lineWidth: 0 }),
  );
}
