import type { HeaderLookup } from "../../../conversation/codec.ts";
import { encodeProgram, type Program } from "../../../program/program.ts";
import { BodyMode, type ProcessingEvent } from "../../wire/request.ts";
import type { Answer, HeaderMutation, ProcessingResponse } from "../../wire/response.ts";
import type { SessionEnvironment } from "../environment.ts";
import { Session } from "../session.ts";

/** Plays Envoy's part towards one session. */
export interface Drive {
  session: Session;
  tell(event: ProcessingEvent): Promise<readonly ProcessingResponse[]>;
  /** Headers and a whole body; the answer to the body. */
  request(body: string | Buffer, headers?: Record<string, string>): Promise<ProcessingResponse>;
  /** A whole answer in pieces; everything that was said to it. */
  respond(
    headers: Record<string, string>,
    pieces: readonly (string | Buffer)[],
  ): Promise<ProcessingResponse[]>;
}

export const lookup =
  (headers: Record<string, string>): HeaderLookup =>
  (name) =>
    headers[name];

export const program = (more: Partial<Program>): string =>
  encodeProgram({ v: 1, route: "ns/route", backend: "ns/backend", schema: "Same", ...more });

const CLIENT_HEADERS = {
  ":path": "/earlier",
  "x-ai-eg-endpoint": "chat",
  "x-ai-eg-model": "asked",
  "x-ai-eg-original-path": "/v1/chat",
};

export function drive(
  programText: string | undefined,
  env: SessionEnvironment,
  responseMode: number = BodyMode.fullDuplex,
): Drive {
  const session = new Session(programText, env);
  let first = true;
  const tell = async (event: ProcessingEvent): Promise<readonly ProcessingResponse[]> => {
    const bodyModes = first ? { request: BodyMode.buffered, response: responseMode } : undefined;
    first = false;
    return session.handle({ event, bodyModes, observabilityMode: false });
  };
  return {
    session,
    tell,
    async request(body, headers = {}) {
      const answers = await tell({
        kind: "request-headers",
        headers: lookup({ ...CLIENT_HEADERS, ...headers }),
        endOfStream: false,
      });
      const [answer] = [
        ...answers.filter(({ answer }) => answer.kind === "immediate"),
        ...(await tell({ kind: "request-body", body: Buffer.from(body), endOfStream: true })),
      ];
      if (answer === undefined) throw new Error("no answer");
      return answer;
    },
    async respond(headers, pieces) {
      const all = [
        ...(await tell({
          kind: "response-headers",
          headers: lookup({ ":status": "200", ...headers }),
          endOfStream: false,
        })),
      ];
      for (const [index, piece] of pieces.entries()) {
        const endOfStream = index === pieces.length - 1;
        all.push(...(await tell({ kind: "response-body", body: Buffer.from(piece), endOfStream })));
      }
      return all;
    },
  };
}

/** The headers that an answer sets. */
export const headersSet = ({ answer }: ProcessingResponse): Record<string, string> =>
  Object.fromEntries(mutation(answer)?.set ?? []);

const mutation = (answer: Answer): HeaderMutation | undefined =>
  "headers" in answer ? answer.headers : undefined;

/** The body that goes out by these answers, and whether it was ended once and at the end. */
export function bodyOf(answers: readonly ProcessingResponse[]): string {
  const parts: Buffer[] = [];
  for (const { answer } of answers) {
    if (answer.kind === "immediate") parts.push(answer.body);
    else if (!("body" in answer) || answer.body === undefined) continue;
    else if (answer.body.mode === "replace") parts.push(answer.body.body);
    else parts.push(...answer.body.parts);
  }
  return Buffer.concat(parts).toString("utf8");
}

/** All metadata, later values over earlier ones as Envoy merges them. */
export const metadataOf = (answers: readonly ProcessingResponse[]): Record<string, unknown> =>
  Object.assign({}, ...answers.map(({ metadata }) => metadata?.values));
