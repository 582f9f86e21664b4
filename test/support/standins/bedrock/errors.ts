import { encodeEventStreamMessage } from "../../../../runtime/lib/event-stream.ts";
import type { Dialect } from "../reply.ts";

/** An exception as Bedrock reports it: its name in a header, its message in the body. */
export class BedrockError extends Error {
  readonly status: number;
  /** `ValidationException` */
  readonly type: string;

  constructor(status: number, type: string, message: string) {
    super(message);
    this.status = status;
    this.type = type;
  }

  headers(): Record<string, string> {
    return {
      "content-type": "application/json",
      "x-amzn-errortype": `${this.type}:http://internal.amazon.com/coral/com.amazon.bedrock/`,
    };
  }

  body(): string {
    return JSON.stringify({ message: this.message });
  }
}

/** @throws {BedrockError} 400 */
export function refuse(message: string): never {
  throw new BedrockError(400, "ValidationException", message);
}

const TYPES: Record<number, string> = {
  400: "ValidationException",
  403: "AccessDeniedException",
  404: "ResourceNotFoundException",
  408: "ModelTimeoutException",
  424: "ModelErrorException",
  429: "ThrottlingException",
  503: "ServiceUnavailableException",
};

export const bedrockDialect: Dialect = {
  error(status, message) {
    const error = new BedrockError(status, TYPES[status] ?? "InternalServerException", message);
    return { headers: error.headers(), body: error.body() };
  },
  errorEvent: (message, type = "modelStreamErrorException") =>
    encodeEventStreamMessage({
      headers: {
        ":exception-type": type,
        ":content-type": "application/json",
        ":message-type": "exception",
      },
      payload: Buffer.from(JSON.stringify({ message })),
    }),
  // The last four bytes are the checksum.
  damage(event) {
    const damaged = Buffer.from(event);
    const last = damaged.length - 1;
    damaged.writeUInt8(damaged.readUInt8(last) ^ 0xff, last);
    return damaged;
  },
};
