/** An API server of one collection a path, in memory: as much as the controller's parts ask of it. */
import {
  KubeError,
  type KubeHttp,
  type KubeRequest,
} from "../../../runtime/controller/kube/http.ts";
import type { KubeItem } from "../../../runtime/controller/kube/reflector.ts";

export interface FakeApi {
  http: KubeHttp;
  /** Everything that was asked, as `METHOD path`. */
  asked: string[];
  /** Bodies of what was written, with the request's path. */
  written: { method: string; path: string; body: unknown }[];
  /** Puts an object at a path, with a new version, and tells who watches. */
  put(path: string, item: KubeItem): void;
  remove(path: string): void;
  /** Answers requests itself where it gives something, or throws. */
  intercept: (request: KubeRequest) => unknown;
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf("/"));

export function createFakeApi(): FakeApi {
  const objects = new Map<string, KubeItem>();
  const watches = new Set<{ collection: string; push(line: string): void }>();
  let version = 0;
  const tell = (type: string, path: string, object: KubeItem): void => {
    for (const { collection, push } of watches) {
      if (collection === parentOf(path)) push(JSON.stringify({ type, object }));
    }
  };
  const api: FakeApi = {
    asked: [],
    written: [],
    intercept: () => undefined,
    put(path, item) {
      version += 1;
      const type = objects.has(path) ? "MODIFIED" : "ADDED";
      const metadata = { ...item.metadata, resourceVersion: String(version) };
      const stored = { ...item, metadata };
      objects.set(path, stored);
      tell(type, path, stored);
    },
    remove(path) {
      const item = objects.get(path);
      objects.delete(path);
      if (item !== undefined) tell("DELETED", path, item);
    },
    http: {
      async json<T>(request: KubeRequest): Promise<T> {
        const [path = ""] = request.path.split("?");
        api.asked.push(`${request.method} ${path}`);
        const given = await api.intercept(request);
        if (request.method !== "GET") {
          api.written.push({ method: request.method, path, body: request.body });
        }
        return (given ?? answer(request, path)) as T;
      },
      async *lines(request) {
        const [path = ""] = request.path.split("?");
        api.asked.push(`WATCH ${path}`);
        const waiting: string[] = [];
        let wake = Promise.withResolvers<void>();
        const watch = {
          collection: path,
          push(line: string) {
            waiting.push(line);
            wake.resolve();
          },
        };
        watches.add(watch);
        request.signal?.addEventListener("abort", () => wake.resolve());
        while (request.signal?.aborted !== true) {
          yield* waiting.splice(0);
          await wake.promise;
          wake = Promise.withResolvers<void>();
        }
        watches.delete(watch);
      },
      close() {},
    },
  };

  function answer(request: KubeRequest, path: string): unknown {
    if (request.method === "DELETE") {
      if (!objects.has(path)) throw new KubeError(404, "NotFound", `${path} not found`);
      api.remove(path);
      return {};
    }
    if (request.method === "PATCH" && request.type?.includes("apply")) {
      api.put(path, request.body as KubeItem);
      return objects.get(path);
    }
    const object = objects.get(path);
    if (request.method !== "GET") return object ?? {};
    if (object !== undefined) return object;
    if (/^\/api(s\/[^/]+)?\/v\d\w*$/.test(path)) {
      const plurals = ["secrets", "configmaps"];
      return { resources: plurals.map((name) => ({ name })) };
    }
    if (path.endsWith("s")) {
      const items = [...objects].filter(([at]) => parentOf(at) === path).map(([, each]) => each);
      return { kind: "List", apiVersion: "v1", metadata: { resourceVersion: `${version}` }, items };
    }
    throw new KubeError(404, "NotFound", `${path} not found`);
  }
  return api;
}
