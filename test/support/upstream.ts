/** A plain HTTP server on loopback, and a client that keeps its connections. */
import { Agent, createServer, type RequestListener, request } from "node:http";
import type { AddressInfo } from "node:net";

export interface Upstream {
  readonly port: number;
  /** Connections accepted so far. */
  connections(): number;
  close(): Promise<void>;
}

export async function startUpstream(answer: RequestListener): Promise<Upstream> {
  let accepted = 0;
  const server = createServer(answer);
  server.keepAliveTimeout = 60_000;
  server.on("connection", () => {
    accepted += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => accepted,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** A request that is sent whole. Rejects when the connection fails. */
export function post(port: number, body: string, agent?: Agent): Promise<Answer> {
  return startPost(port, agent).end(body);
}

/** A request whose body is sent in pieces. */
export function startPost(
  port: number,
  agent?: Agent,
): { write(piece: string): void; end(piece: string): Promise<Answer> } {
  const call = request({
    host: "127.0.0.1",
    port,
    method: "POST",
    path: "/",
    ...(agent && { agent }),
  });
  const answer = new Promise<Answer>((resolve, reject) => {
    call.on("error", reject);
    call.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("error", reject);
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      );
    });
  });
  return {
    write: (piece) => void call.write(piece),
    end(piece) {
      call.end(piece);
      return answer;
    },
  };
}

export interface Load {
  /** Ends the load; says how many requests were answered, and what went wrong with the others. */
  stop(): Promise<{ readonly answered: number; readonly failures: readonly string[] }>;
}

/** Sends requests one after the other on each of some kept connections until stopped. */
export function startLoad(port: number, concurrency: number): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const failures: string[] = [];
  let answered = 0;
  let going = true;
  const worker = async () => {
    while (going) {
      try {
        const { status, body } = await post(port, "x".repeat(1_000), agent);
        if (status === 200) answered += 1;
        else failures.push(`${status} ${body}`);
      } catch (error) {
        failures.push(String(error));
      }
    }
  };
  const workers = Array.from({ length: concurrency }, worker);
  return {
    async stop() {
      going = false;
      await Promise.all(workers);
      agent.destroy();
      return { answered, failures };
    },
  };
}
