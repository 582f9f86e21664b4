import { KubeError, type KubeHttp, type KubeRequest } from "./http.ts";
import { translateAgain } from "./translate-again.ts";

/** Answers one request after the other with these; undefined: all is well. */
function answering(...answers: (Error | undefined)[]): { http: KubeHttp; sent: KubeRequest[] } {
  const sent: KubeRequest[] = [];
  const http = {
    async json(request: KubeRequest) {
      const answer = answers[sent.length];
      sent.push(request);
      if (answer !== undefined) throw answer;
    },
  } as unknown as KubeHttp;
  return { http, sent };
}

test("marks the HTTPRoute, under a field manager of its own", async () => {
  const { http, sent } = answering();
  await translateAgain(http, "ns/r", "a mark");
  expect(sent).toEqual([
    {
      method: "PATCH",
      path: "/apis/gateway.networking.k8s.io/v1/namespaces/ns/httproutes/r?fieldManager=ai-gateway-controller-replica",
      type: "application/merge-patch+json",
      body: { metadata: { annotations: { "gateway.envoyproxy.io/ai-gateway-again": "a mark" } } },
    },
  ]);
});

test("tries again where the API server does not answer", async () => {
  const { http, sent } = answering(new Error("ECONNREFUSED"));
  await translateAgain(http, "ns/r", "m");
  expect(sent).toHaveLength(2);
});

test("a route that is gone needs no translation", async () => {
  const { http, sent } = answering(new KubeError(404, "NotFound", "no such route"));
  await translateAgain(http, "ns/r", "m");
  expect(sent).toHaveLength(1);
});
