import { validateResource } from "./validate.ts";

const route = {
  apiVersion: "aigateway.envoyproxy.io/v1beta1",
  kind: "AIGatewayRoute",
  metadata: { name: "chat" },
  spec: { rules: [] },
};

test.each([undefined, null, 7, "text", [], {}, { kind: "toString" }, { kind: "Gateway" }])(
  "%j is of none of our kinds",
  (object) => {
    expect(validateResource(object)).toEqual({
      ok: false,
      problems: [{ path: "kind", message: expect.stringContaining("AIGatewayRoute, ") }],
      warnings: [],
    });
  },
);

test("a version that is not served is named together with those that are", () => {
  const validation = validateResource({ ...route, apiVersion: "aigateway.envoyproxy.io/v1" });
  expect(validation).toMatchObject({
    problems: [
      {
        path: "apiVersion",
        message:
          "must be aigateway.envoyproxy.io/v1beta1 or aigateway.envoyproxy.io/v1alpha1 for kind AIGatewayRoute",
      },
    ],
  });
});

test("an old version is warned of", () => {
  const validation = validateResource({ ...route, apiVersion: "aigateway.envoyproxy.io/v1alpha1" });
  expect(validation).toMatchObject({
    ok: true,
    warnings: [{ path: "apiVersion", message: expect.stringContaining("is deprecated; use") }],
  });
});

test.each(["", "Upper", "a_b", "-a", "a".repeat(254), undefined])(
  "metadata.name %j is refused, as by the API server",
  (name) => {
    const validation = validateResource({ ...route, metadata: { name } });
    expect(validation.ok ? [] : validation.problems.map(({ path }) => path)).toContain(
      "metadata.name",
    );
  },
);

test("metadata that is not read stays", () => {
  const metadata = { name: "chat", uid: "1", managedFields: [{ manager: "me" }] };
  expect(validateResource({ ...route, metadata })).toMatchObject({
    ok: true,
    resource: { metadata },
  });
});

test("a well-formed status stays, a malformed one counts as none", () => {
  const condition = {
    type: "Accepted",
    status: "True",
    reason: "Valid",
    message: "",
    lastTransitionTime: "2026-01-31T12:00:00Z",
  };
  const status = { conditions: [condition] };
  expect(validateResource({ ...route, status })).toMatchObject({ resource: { status } });
  const malformed = validateResource({ ...route, status: 5 });
  expect(malformed.ok && malformed.resource.status).toBeUndefined();
});

test("what is given is not changed", () => {
  const object = { ...route, spec: { rules: [{ surplus: 1, name: null }] } };
  const before = structuredClone(object);
  validateResource(object);
  expect(object).toEqual(before);
});
