import type { UsageReading } from "../../../program/finished-line.ts";
import { usageText } from "../../../program/finished-line.ts";

export interface LineFacts {
  endpoint?: string;
  lane?: string;
  provider?: string;
  modelNameOverride?: string;
  status?: number;
  flags?: string;
  contentType?: string;
  logType?: string;
  attempts?: number;
  /** Milliseconds since the request's first byte. */
  received?: number;
  sent?: number;
  answered?: number;
  answeredWhole?: number;
  returned?: number;
  done?: number;
  /** As Lua or ext_proc have read it. */
  usage?: UsageReading;
  /** As Envoy's own filter has read it of a stream, by its keys. */
  stream?: object;
}

const us = (milliseconds: number): string => String(Math.round(milliseconds * 1000));

/** What Envoy logs of a chat that OpenAI answered whole, but for what the facts say. */
export const finishedLine = (facts: LineFacts = {}): string =>
  [
    facts.endpoint ?? "chat-completions",
    "gpt-5",
    facts.lane ?? "native",
    facts.provider ?? "openai",
    facts.modelNameOverride ?? "-",
    String(facts.status ?? 200),
    facts.flags ?? "-",
    facts.contentType ?? "application/json",
    facts.logType ?? "DownstreamEnd",
    String(facts.attempts ?? 1),
    us(facts.received ?? 1),
    us(facts.sent ?? 3),
    us(facts.answered ?? 400),
    us(facts.answeredWhole ?? 1400),
    us(facts.returned ?? 401),
    us(facts.done ?? 1500),
    facts.usage ? usageText(facts.usage) : "-",
    facts.stream ? JSON.stringify(facts.stream) : "-",
  ].join("\n");
