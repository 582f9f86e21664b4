import pino, { type DestinationStream, type Logger } from "pino";

export interface LoggerOptions {
  level: "debug" | "info" | "warn" | "error";
  /** Where lines go; standard error by default. */
  to?: DestinationStream;
  /** Lines for people instead of JSON; by default where standard error is a terminal. */
  pretty?: boolean;
}

/** Fields that never reach a log, at the top or one or two levels down. */
const SECRET_FIELDS = [
  "authorization",
  "apiKey",
  "api_key",
  "accessKeyId",
  "secretAccessKey",
  "sessionToken",
  "password",
  "token",
  "secret",
  '["api-key"]',
  '["x-api-key"]',
  '["x-amz-security-token"]',
  '["proxy-authorization"]',
  "cookie",
];

const redact = {
  paths: SECRET_FIELDS.flatMap((field) => {
    const below = field.startsWith("[") ? field : `.${field}`;
    return [field, `*${below}`, `*.*${below}`];
  }),
  censor: "[redacted]",
};

/** The log of this process: JSON, one object a line, or text for people. */
export function createLogger(options: LoggerOptions): Logger {
  const to = options.to ?? pino.destination({ dest: 2, sync: true });
  const pretty = options.pretty ?? process.stderr.isTTY === true;
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact,
    },
    pretty ? { write: (line) => to.write(prettyLine(line)) } : to,
  );
}

/** `12:34:56 WARN  message key=value`, from a line of JSON; errors with their stacks below. */
function prettyLine(line: string): string {
  const { level, time, msg, err, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const clock = String(time).slice(11, 19);
  const rest = Object.entries(fields).map(
    ([key, value]) => ` ${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const { stack, message } = (err ?? {}) as { stack?: string; message?: string };
  const trouble = stack ?? message;
  return [
    `${clock} ${String(level).toUpperCase().padEnd(5)} ${msg ?? ""}${rest.join("")}`,
    ...(trouble === undefined ? [] : [trouble]),
    "",
  ].join("\n");
}
