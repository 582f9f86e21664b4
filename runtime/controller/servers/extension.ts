/** Envoy Gateway's extension server: its hooks, answered from the newest plan. */
import { isIP } from "node:net";
import { performance } from "node:perf_hooks";
import { create, toBinary } from "@bufbuild/protobuf";
import {
  type handleUnaryCall,
  Server,
  type ServerUnaryCall,
  type ServiceDefinition,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js";
import {
  HealthCheckResponse_ServingStatus,
  HealthCheckResponseSchema,
} from "../../../protos/gen/grpc/health/v1/health_pb.ts";
import type { Plan } from "../compile/plan.ts";
import { TranslationEditor } from "../extension/editor.ts";
import type { ExtensionOptions } from "../extension/options.ts";
import type { EditReport } from "../extension/report.ts";
import { join, readTranslation, split, writeTranslation } from "../extension/wire.ts";
import { type Addresses, createAddresses } from "./addresses.ts";
import { type Certificate, plainText, renewableCredentials } from "./certificate.ts";
import { OwedTranslations } from "./owed-translations.ts";
import { PlanHistory } from "./plan-history.ts";

/** How one call of a hook went, for metrics and logs. */
export interface HookCall {
  hook: string;
  durationMs: number;
  requestBytes: number;
  responseBytes: number;
  /** `passed`: goes on as it came; `failed`: Envoy Gateway keeps what Envoy has. */
  outcome: "edited" | "passed" | "failed";
  error?: string;
}

export interface ExtensionServerOptions {
  /** Port 0 takes any free one. */
  listen: { host: string; port: number };
  /**
   * Undefined: plain text, for tests. Answers hold credentials, so anybody who may call a hook can
   * read them: give a CA that clients' certificates must come from.
   */
  tls?: Certificate;
  /** The newest plan; undefined until the first is made. */
  plan: () => Plan | undefined;
  extension: ExtensionOptions;
  /** What came of each translation. */
  report?: (report: EditReport) => void;
  observe?: (call: HookCall) => void;
  /** To be translated again: rules were refused for want of the plan of this revision, which is there now. */
  again?: (route: string, revision: string) => void;
  /** Bytes of a message; as large as Envoy Gateway's `maxMessageSize`. */
  maxMessageBytes?: number;
  /** How long a hook waits for the first plan before it refuses all AI traffic. */
  firstPlanWithinMs?: number;
  /** How long a translation waits for the plan with which another replica wrote what it is made of. */
  revisionWithinMs?: number;
}

export interface ExtensionServer {
  readonly port: number;
  /** To be called whenever there is a new plan: hooks may be waiting for it. */
  planChanged(): void;
  /** Replaces the certificate; connections stay. */
  renew(certificate: Certificate): void;
  /** Stops listening; calls under way are answered. */
  close(): Promise<void>;
}

const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;
const FIRST_PLAN_WITHIN_MS = 30_000;
const REVISION_WITHIN_MS = 1000;
const CLOSE_MS = 5000;

const SERVICE = "/envoygateway.extension.EnvoyGatewayExtension";
const HEALTH = "/grpc.health.v1.Health/Check";
const LOAD_ASSIGNMENT_FIELD = 1;

/** Answers that say: as it came. */
const UNTOUCHED = [
  "PostRouteModify",
  "PostVirtualHostModify",
  "PostHTTPListenerModify",
  "PostClusterModify",
];

type Answer = Pick<HookCall, "outcome"> & { bytes: Uint8Array };

/** Starts listening. Rejects when the port cannot be had. */
export async function startExtensionServer(
  options: ExtensionServerOptions,
): Promise<ExtensionServer> {
  const { listen, tls, maxMessageBytes = MAX_MESSAGE_BYTES } = options;
  const history = new PlanHistory(options.plan);
  const owed = new OwedTranslations();
  const addresses = createAddresses();
  const editor = new TranslationEditor({ ...options.extension, resolve: addresses.of });
  const server = new Server({
    "grpc.max_receive_message_length": maxMessageBytes,
    "grpc.max_send_message_length": maxMessageBytes,
  });
  const hooks: Record<string, (request: Buffer) => Promise<Answer>> = {
    PostTranslateModify: (request) =>
      translated(request, editor, { history, owed, addresses }, options),
    PostEndpointsModify: (request) => endpoints(request, editor, history, options),
    ...Object.fromEntries(UNTOUCHED.map((hook) => [hook, asItCame])),
  };
  for (const [hook, answer] of Object.entries(hooks)) {
    server.addService(rawMethod(`${SERVICE}/${hook}`), { call: handler(hook, answer, options) });
  }
  server.addService(rawMethod(HEALTH), { call: health(history) });

  const renewable = tls && renewableCredentials(tls);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(
      `${listen.host}:${listen.port}`,
      renewable?.credentials ?? plainText(),
      (error, bound) => (error ? reject(error) : resolve(bound)),
    );
  });
  return {
    port,
    planChanged() {
      history.changed();
      const plan = options.plan();
      if (plan === undefined) return;
      for (const [route, revision] of owed.due(plan)) options.again?.(route, revision);
    },
    renew: (certificate) => renewable?.renew(certificate),
    close: () => close(server),
  };
}

interface TranslationState {
  history: PlanHistory;
  owed: OwedTranslations;
  addresses: Addresses;
}

async function translated(
  request: Buffer,
  editor: TranslationEditor,
  { history, owed, addresses }: TranslationState,
  { report, firstPlanWithinMs, revisionWithinMs }: ExtensionServerOptions,
): Promise<Answer> {
  const input = readTranslation(request);
  await history.until(() => history.plans().length > 0, firstPlanWithinMs ?? FIRST_PLAN_WITHIN_MS);
  const proxies = history
    .plans()
    .flatMap(({ gateways }) => gateways.flatMap(({ forwardProxy }) => forwardProxy?.host ?? []));
  await addresses.refresh(proxies.filter((host) => isIP(host) === 0));
  let edited = editor.edit(input, history.plans());
  const { revisions } = edited.report;
  if (!history.knows(revisions)) {
    await history.until(() => history.knows(revisions), revisionWithinMs ?? REVISION_WITHIN_MS);
    if (!history.knows(revisions)) owed.owe(revisions);
    edited = editor.edit(input, history.plans());
  }
  report?.(edited.report);
  return {
    outcome: edited.output === input ? "passed" : "edited",
    bytes: writeTranslation(edited.output),
  };
}

async function endpoints(
  request: Buffer,
  editor: TranslationEditor,
  history: PlanHistory,
  { firstPlanWithinMs }: ExtensionServerOptions,
): Promise<Answer> {
  await history.until(() => history.plans().length > 0, firstPlanWithinMs ?? FIRST_PLAN_WITHIN_MS);
  const [assignment] = split(request, LOAD_ASSIGNMENT_FIELD).entries;
  const edited = assignment && editor.editEndpoints(assignment, history.plans());
  return edited === undefined
    ? { outcome: "passed", bytes: NOTHING }
    : { outcome: "edited", bytes: join(NOTHING, LOAD_ASSIGNMENT_FIELD, [edited]) };
}

const NOTHING = new Uint8Array();

const asItCame = async (): Promise<Answer> => ({ outcome: "passed", bytes: NOTHING });

/** Every call is answered: with an edit, with leave to go on, or with an error that keeps the last good. */
function handler(
  hook: string,
  answer: (request: Buffer) => Promise<Answer>,
  { observe }: ExtensionServerOptions,
): handleUnaryCall<Buffer, Uint8Array> {
  return (call: ServerUnaryCall<Buffer, Uint8Array>, done: sendUnaryData<Uint8Array>) => {
    const start = performance.now();
    const finished = (outcome: HookCall["outcome"], responseBytes: number, error?: string): void =>
      observe?.({
        hook,
        durationMs: performance.now() - start,
        requestBytes: call.request.length,
        responseBytes,
        outcome,
        ...(error === undefined ? {} : { error }),
      });
    answer(call.request).then(
      ({ bytes, outcome }) => {
        finished(outcome, bytes.length);
        done(null, bytes);
      },
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        finished("failed", 0, message);
        done({ code: status.INVALID_ARGUMENT, details: `${hook}: ${message}` });
      },
    );
  };
}

/** Ready as soon as there is a plan. */
function health(history: PlanHistory): handleUnaryCall<Buffer, Uint8Array> {
  return (_call: ServerUnaryCall<Buffer, Uint8Array>, done: sendUnaryData<Uint8Array>) => {
    const { SERVING, NOT_SERVING } = HealthCheckResponse_ServingStatus;
    const state = history.plans().length > 0 ? SERVING : NOT_SERVING;
    done(
      null,
      toBinary(HealthCheckResponseSchema, create(HealthCheckResponseSchema, { status: state })),
    );
  };
}

/** One method whose messages are left as bytes: most of what they hold is passed on unread. */
const rawMethod = (path: string): ServiceDefinition => ({
  call: {
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: (bytes: Uint8Array) => Buffer.from(bytes),
    requestDeserialize: (bytes: Buffer) => bytes,
    responseSerialize: (bytes: Uint8Array) =>
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
    responseDeserialize: (bytes: Buffer) => bytes,
  },
});

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.forceShutdown(), CLOSE_MS);
    server.tryShutdown(() => {
      clearTimeout(force);
      resolve();
    });
  });
}
