/**
 * A stand-in for the endpoint picker of an InferencePool: picks the pod that the request's header
 * `x-pick` names, once it has the whole request, as the real ones do.
 */
import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { type handleBidiStreamingCall, Server, ServerCredentials, status } from "@grpc/grpc-js";
import {
  ProcessingRequestSchema,
  ProcessingResponseSchema,
} from "../../../protos/gen/envoy/service/ext_proc/v3/external_processor_pb.ts";
import { issueCertificates } from "../../../runtime/controller/kube/issue-certificates.ts";

export interface Picker {
  readonly port: number;
  /** Requests as they came: the picked pod, and the body. */
  readonly asked: { picked: string; body: string }[];
  close(): void;
}

type Answer = MessageInitShape<typeof ProcessingResponseSchema>;

const service = {
  Process: {
    path: "/envoy.service.ext_proc.v3.ExternalProcessor/Process",
    requestStream: true,
    responseStream: true,
    requestSerialize: (bytes: Buffer): Buffer => bytes,
    requestDeserialize: (bytes: Buffer): Buffer => bytes,
    responseSerialize: (bytes: Buffer): Buffer => bytes,
    responseDeserialize: (bytes: Buffer): Buffer => bytes,
  },
} as const;

/** With a certificate that it has signed itself, as pickers have. `port` 0 takes a free one. */
export async function startPicker(port = 0): Promise<Picker> {
  const asked: Picker["asked"] = [];
  const process: handleBidiStreamingCall<Buffer, Buffer> = (call) => {
    const say = (response: Answer["response"]): void => {
      call.write(
        Buffer.from(
          toBinary(
            ProcessingResponseSchema,
            create(ProcessingResponseSchema, response === undefined ? {} : { response }),
          ),
        ),
      );
    };
    let picked = "";
    const body: Uint8Array[] = [];
    call.on("data", (bytes: Buffer) => {
      const { request } = fromBinary(ProcessingRequestSchema, bytes);
      switch (request.case) {
        case "requestHeaders":
          for (const { key, rawValue } of request.value.headers?.headers ?? []) {
            if (key === "x-pick") picked = Buffer.from(rawValue).toString();
          }
          break;
        case "requestBody":
          body.push(request.value.body);
          if (!request.value.endOfStream) break;
          asked.push({ picked, body: Buffer.concat(body).toString() });
          say({ case: "requestHeaders", value: { response: { headerMutation: naming(picked) } } });
          say({ case: "requestBody", value: whole(Buffer.concat(body), true) });
          break;
        case "responseHeaders":
          say({ case: "responseHeaders", value: {} });
          break;
        case "responseBody":
          say({
            case: "responseBody",
            value: whole(request.value.body, request.value.endOfStream),
          });
          break;
        case "responseTrailers":
          say({ case: "responseTrailers", value: {} });
          break;
        default:
          break;
      }
    });
    call.on("end", () => call.end());
    call.on("error", () => undefined);
    call.on("cancelled", () => call.emit("error", { code: status.CANCELLED }));
  };
  const server = new Server();
  server.addService(service, { Process: process });
  const { server: own } = await issueCertificates(["picker"], new Date(), undefined);
  const pair = { cert_chain: Buffer.from(own.certificate), private_key: Buffer.from(own.key) };
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createSsl(null, [pair]), (error, at) =>
      error ? reject(error) : resolve(at),
    );
  });
  return { port: bound, asked, close: () => server.forceShutdown() };
}

const naming = (pod: string) => ({
  setHeaders:
    pod === ""
      ? []
      : [{ header: { key: "x-gateway-destination-endpoint", rawValue: Buffer.from(pod) } }],
});

const whole = (body: Uint8Array, endOfStream: boolean) => ({
  response: {
    bodyMutation: { mutation: { case: "streamedResponse" as const, value: { body, endOfStream } } },
  },
});
