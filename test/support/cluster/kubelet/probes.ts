import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { credentials, makeClientConstructor } from "@grpc/grpc-js";
import type { Action, Container, Port, Probe } from "./pod.ts";

/** Runs a command as in the container; settles with its exit code. */
export type Execute = (command: string[], signal: AbortSignal) => Promise<number>;

export interface Target {
  address: string;
  container: Container;
  execute: Execute;
}

/** Whether an action succeeds within its time. Never throws. */
export async function succeeds(
  action: Action,
  target: Target,
  timeoutMs: number,
): Promise<boolean> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    if (action.httpGet) return await httpGet(action.httpGet, target, signal);
    if (action.tcpSocket) return await tcp(action.tcpSocket, target, timeoutMs);
    if (action.grpc) return await grpcHealth(action.grpc, target, timeoutMs);
    if (action.exec) return (await target.execute(action.exec.command, signal)) === 0;
    return true;
  } catch {
    return false;
  }
}

/**
 * Asks again and again, and tells when the verdict changes: the first one too. Ends with `signal`.
 */
export async function follow(
  probe: Probe,
  target: Target,
  verdict: (good: boolean) => void,
  signal: AbortSignal,
): Promise<void> {
  const period = (probe.periodSeconds ?? 10) * 1000;
  const { successThreshold = 1, failureThreshold = 3, timeoutSeconds = 1 } = probe;
  let good: boolean | undefined;
  let streak = 0;
  let last: boolean | undefined;
  let countedAt = 0;
  await pause((probe.initialDelaySeconds ?? 0) * 1000, signal);
  while (!signal.aborted) {
    const result = await succeeds(probe, target, timeoutSeconds * 1000);
    if (signal.aborted) return;
    // However often it is asked, a failure counts once a period.
    const counts = result || result !== last || Date.now() - countedAt >= period;
    if (counts) {
      streak = result === last ? streak + 1 : 1;
      countedAt = Date.now();
    }
    last = result;
    const enough = streak >= (result ? successThreshold : failureThreshold);
    if (enough && good !== result) {
      good = result;
      verdict(result);
    }
    // Until the first success a test waits: ask more often than a real kubelet would.
    await pause(good ? period : Math.min(period, EAGER_MS), signal);
  }
}

const EAGER_MS = 100;

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  delay(ms, undefined, { signal }).catch(() => {});

export function portOf(port: Port, { ports = [] }: Container): number {
  if (typeof port === "number") return port;
  const named = ports.find(({ name }) => name === port);
  return named?.containerPort ?? Number(port);
}

function httpGet(
  { path = "/", port, scheme = "HTTP", httpHeaders = [] }: NonNullable<Action["httpGet"]>,
  { address, container }: Target,
  signal: AbortSignal,
): Promise<boolean> {
  const request = scheme === "HTTPS" ? httpsRequest : httpRequest;
  const headers = Object.fromEntries(httpHeaders.map(({ name, value }) => [name, value]));
  return new Promise((resolve, reject) => {
    request(
      {
        host: address,
        port: portOf(port, container),
        path,
        headers: { connection: "close", ...headers },
        signal,
        rejectUnauthorized: false,
      },
      (response) => {
        response.resume();
        const { statusCode = 0 } = response;
        resolve(statusCode >= 200 && statusCode < 400);
      },
    )
      .on("error", reject)
      .end();
  });
}

const tcp = (
  { port }: NonNullable<Action["tcpSocket"]>,
  { address, container }: Target,
  timeoutMs: number,
): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: address, port: portOf(port, container), timeout: timeoutMs });
    const end = (good: boolean) => () => {
      socket.destroy();
      resolve(good);
    };
    socket.on("connect", end(true)).on("error", end(false)).on("timeout", end(false));
  });

const HealthClient = makeClientConstructor(
  {
    check: {
      path: "/grpc.health.v1.Health/Check",
      requestStream: false,
      responseStream: false,
      requestSerialize: (service: string) => {
        const name = Buffer.from(service);
        return name.length === 0 ? name : Buffer.concat([Buffer.from([0x0a, name.length]), name]);
      },
      requestDeserialize: (bytes: Buffer) => bytes,
      responseSerialize: (bytes: Buffer) => bytes,
      responseDeserialize: (bytes: Buffer) => bytes,
    },
  },
  "Health",
);
/** HealthCheckResponse{status: SERVING}. */
const SERVING = Buffer.from([0x08, 0x01]);

function grpcHealth(
  { port, service = "" }: NonNullable<Action["grpc"]>,
  { address }: Target,
  timeoutMs: number,
): Promise<boolean> {
  const client = new HealthClient(`${address}:${port}`, credentials.createInsecure());
  return new Promise<boolean>((resolve) => {
    client.check?.(
      service,
      { deadline: Date.now() + timeoutMs },
      (error: Error | null, answer?: Buffer) =>
        resolve(!error && answer !== undefined && SERVING.equals(answer)),
    );
  }).finally(() => client.close());
}
