import { setTimeout as sleep } from "node:timers/promises";
import type { FinishedRequest } from "../../../runtime/telemetry/finished-request.ts";

/** One request of the quickstart. */
export interface Shot {
  name: string;
  api: "openai" | "anthropic";
  model: string;
  stream: boolean;
}

export interface ShotResult {
  shot: Shot;
  ok: boolean;
  /** The text that came back, or what went wrong. */
  detail: string;
  latencyMs: number;
  /** What the accounting server was told of it. */
  accounted: FinishedRequest | undefined;
}

const ACCOUNTING_TIMEOUT_MS = 3000;

export async function shoot(
  url: string,
  shot: Shot,
  heard: readonly FinishedRequest[],
): Promise<ShotResult> {
  const { api, model, stream } = shot;
  const before = heard.length;
  const startedAt = performance.now();
  const response = await fetch(
    api === "openai" ? `${url}/v1/chat/completions` : `${url}/anthropic/v1/messages`,
    {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        model,
        max_tokens: 200,
        messages: [{ role: "user", content: "Say hello to the gateway." }],
        ...(stream ? { stream: true } : {}),
      }),
    },
  );
  const body = await response.text();
  const latencyMs = performance.now() - startedAt;
  const text = response.ok ? textOf(body, stream) : undefined;
  const deadline = performance.now() + ACCOUNTING_TIMEOUT_MS;
  while (heard.length === before && performance.now() < deadline) await sleep(20);
  return {
    shot,
    ok: response.ok && text !== undefined && text !== "",
    detail: text ?? `${response.status} ${body}`,
    latencyMs,
    accounted: heard[before],
  };
}

/** The words of an answer, in whichever of the two shapes. */
function textOf(body: string, stream: boolean): string | undefined {
  const documents = stream
    ? body
        .split("\n")
        .filter((line) => line.startsWith("data: {"))
        .map((line) => line.slice(6))
    : [body];
  try {
    return documents.map((document) => wordsOf(JSON.parse(document))).join("");
  } catch {
    return undefined;
  }
}

interface Answer {
  choices?: { message?: { content?: string }; delta?: { content?: string } }[];
  content?: { text?: string }[];
  delta?: { text?: string };
}

const wordsOf = ({ choices, content, delta }: Answer): string =>
  (choices ?? []).map((c) => c.message?.content ?? c.delta?.content ?? "").join("") +
  (content ?? []).map((part) => part.text ?? "").join("") +
  (delta?.text ?? "");
