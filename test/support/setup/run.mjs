import { spawn } from "node:child_process";
import path from "node:path";
import { ownNode } from "./dependencies.mjs";

const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs a command in the foreground, its input and output our own.
 * @returns its exit code; if a signal ended it, the same signal ends this process.
 */
export function runInForeground(root, command, args) {
  const isScript = /\.[cm]?[jt]s$/.test(command);
  // The repository's binaries first, so that whatever the command starts meets the same Node.
  const searchPath = [path.join(root, "node_modules", ".bin"), process.env.PATH].join(
    path.delimiter,
  );
  const child = spawn(
    isScript ? ownNode(root) : command,
    isScript ? ["--no-warnings", command, ...args] : args,
    { cwd: root, stdio: "inherit", env: { ...process.env, PATH: searchPath } },
  );

  const forward = (signal) => {
    // A terminal sends Ctrl-C to the whole group: passing it on would deliver it twice.
    if (signal === "SIGINT" && process.stdin.isTTY) return;
    child.kill(signal);
  };
  for (const signal of FORWARDED) process.on(signal, forward);

  return new Promise((resolve) => {
    child.on("error", (error) => {
      process.stderr.write(`setup: cannot run ${command}: ${error.message}\n`);
      resolve(127);
    });
    child.on("exit", (code, signal) => {
      for (const forwarded of FORWARDED) process.off(forwarded, forward);
      if (signal === null) resolve(code);
      else process.kill(process.pid, signal);
    });
  });
}
