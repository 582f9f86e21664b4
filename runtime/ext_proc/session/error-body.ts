import type { ClientError } from "../../endpoints/endpoint.ts";

/** For requests whose endpoint is not known, in the shape that most clients read. */
export const plainErrorBody = ({ message, status }: ClientError): Buffer =>
  Buffer.from(
    JSON.stringify({
      error: { message, type: status < 500 ? "invalid_request_error" : "server_error" },
    }),
  );
