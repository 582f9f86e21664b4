import type { Attributes, Counter, Histogram, Meter } from "@opentelemetry/api";
import type { Usage } from "../lib/usage.ts";
import type { FinishedRequest, Recorder } from "./finished-request.ts";

/** What the names of the GenAI semantic conventions are measured in, and the bounds of buckets. */
const HISTOGRAMS = {
  tokens: {
    name: "gen_ai.client.token.usage",
    unit: "token",
    description: "Tokens that requests spent, by type of token.",
    bounds: Array.from({ length: 14 }, (_, power) => 4 ** power),
  },
  duration: {
    name: "gen_ai.server.request.duration",
    unit: "s",
    description: "Time from a request's first byte to its answer's last.",
    bounds: Array.from({ length: 14 }, (_, power) => 2 ** power / 100),
  },
  timeToFirstToken: {
    name: "gen_ai.server.time_to_first_token",
    unit: "s",
    description: "Time from a request to the first token of its streamed answer.",
    bounds: [
      0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 15, 20,
      30, 45, 60,
    ],
  },
  timePerOutputToken: {
    name: "gen_ai.server.time_per_output_token",
    unit: "s",
    description: "Mean time between two tokens of a streamed answer.",
    bounds: [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5],
  },
  overhead: {
    name: "aigw.gateway.overhead",
    unit: "s",
    description:
      "Time that the gateway itself added to a request and its answer, connecting to the provider included.",
    bounds: [
      0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
    ],
  },
} as const;

const TOKEN_TYPES: readonly [field: keyof Usage, type: string][] = [
  ["inputTokens", "input"],
  ["cachedInputTokens", "cached_input"],
  ["cacheCreationInputTokens", "cache_creation_input"],
  ["outputTokens", "output"],
  ["reasoningTokens", "reasoning"],
];

const UNKNOWN = "unknown";

/** Records finished requests with a meter. */
export function createRecorder(meter: Meter): Recorder {
  const tokens = histogram(meter, "tokens");
  const duration = histogram(meter, "duration");
  const timeToFirstToken = histogram(meter, "timeToFirstToken");
  const timePerOutputToken = histogram(meter, "timePerOutputToken");
  const overhead = histogram(meter, "overhead");
  const records = counter(
    meter,
    "aigw.accounting.records",
    "Access log entries, by what they are.",
  );
  const usageMissing = counter(
    meter,
    "aigw.accounting.usage_missing",
    "Answers with a 2xx status that told no usage.",
  );

  return {
    finished(request) {
      const attributes = attributesOf(request);
      const ended = request.succeeded ? attributes : { ...attributes, "error.type": "_OTHER" };
      records.add(1, { "aigw.record.kind": "request" });
      record(duration, request.duration, ended);
      record(timeToFirstToken, request.timeToFirstToken, attributes);
      record(timePerOutputToken, request.timePerOutputToken, attributes);
      record(overhead, request.overhead, {
        "gen_ai.operation.name": request.operation,
        "gen_ai.provider.name": request.provider,
        "aigw.lane": request.lane,
      });
      for (const [field, type] of TOKEN_TYPES) {
        record(tokens, request.usage?.[field], { ...attributes, "gen_ai.token.type": type });
      }
      if (request.usageMissing) {
        usageMissing.add(1, {
          "gen_ai.operation.name": request.operation,
          "gen_ai.provider.name": request.provider,
        });
      }
    },
    skipped(reason) {
      records.add(1, { "aigw.record.kind": reason });
    },
  };
}

function attributesOf(request: FinishedRequest): Attributes {
  return {
    "gen_ai.operation.name": request.operation,
    "gen_ai.provider.name": request.provider,
    "gen_ai.original.model": request.originalModel ?? UNKNOWN,
    "gen_ai.request.model": request.requestModel ?? UNKNOWN,
    "gen_ai.response.model": request.responseModel ?? UNKNOWN,
  };
}

function record(to: Histogram, value: number | undefined, attributes: Attributes): void {
  if (value !== undefined) to.record(value, attributes);
}

function histogram(meter: Meter, of: keyof typeof HISTOGRAMS): Histogram {
  const { name, unit, description, bounds } = HISTOGRAMS[of];
  return meter.createHistogram(name, {
    unit,
    description,
    advice: { explicitBucketBoundaries: [...bounds] },
  });
}

const counter = (meter: Meter, name: string, description: string): Counter =>
  meter.createCounter(name, { description });
