import type { ServerResponse } from "node:http";
import type { FailureQueue, FailureSpec } from "./failures.ts";
import type { RecordedRequest } from "./standin.ts";

/**
 * Remote control, for stand-ins in another process. `POST /_standin/failures` queues a FailureSpec,
 * `DELETE` of it empties the queue; `GET /_standin/requests` lists what was recorded (body in
 * base64), `DELETE` of it forgets. False where the request is none of these.
 */
export function control(
  request: RecordedRequest,
  response: ServerResponse,
  requests: RecordedRequest[],
  failures: FailureQueue,
): boolean {
  if (!request.path.startsWith("/_standin/")) return false;
  const json = (status: number, body: unknown) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

  switch (`${request.method} ${request.path}`) {
    case "POST /_standin/failures":
      failures.add(JSON.parse(request.body.toString()) as FailureSpec);
      json(202, {});
      return true;
    case "DELETE /_standin/failures":
      failures.clear();
      json(202, {});
      return true;
    case "GET /_standin/requests":
      json(
        200,
        requests.map(({ body, ...rest }) => ({ ...rest, body: body.toString("base64") })),
      );
      return true;
    case "DELETE /_standin/requests":
      requests.length = 0;
      json(202, {});
      return true;
    default:
      json(404, { message: `no such control: ${request.method} ${request.path}` });
      return true;
  }
}
