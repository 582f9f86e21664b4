import { ensureEnvoy } from "../../runtime/standalone/envoy/install.ts";
import { ensurePython } from "./clients/python/environment.ts";

/** Has everything ready that tests would else wait for, with progress. */
const versions = process.env.ENVOY_VERSIONS?.split(",") ?? ["1.38.3", "1.39.3", "1.40.0"];
const onProgress = (line: string): void => void process.stderr.write(`prepare: ${line}\n`);

for (const version of versions) await ensureEnvoy({ version, onProgress });
await ensurePython({ onProgress });
