/** Builds what the tests on a real API server need, and says how it goes. */
import { built } from "./go-build.ts";
import { etcd, kubeApiserver } from "./tools.ts";

try {
  for (const tool of [etcd, kubeApiserver]) {
    const binary = await built(tool, (line) => console.log(line));
    console.log(`${tool.name} ${tool.version}: ${binary}`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
