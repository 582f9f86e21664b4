import { notServing } from "./gateway-facts.ts";

const gateway = (type: string, status: string, reason: string) => ({
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "Gateway",
  metadata: { name: "gw", namespace: "default" },
  status: {
    conditions: [
      { type: "Accepted", status: "True", reason: "Accepted", message: "" },
      { type, status, reason, message: "because" },
    ],
  },
});

test.each([
  ["Programmed", "False", "NoResources", "NoResources: because"],
  ["Accepted", "False", "ListenersNotValid", "ListenersNotValid: because"],
  ["Programmed", "False", "AddressNotAssigned", undefined],
  ["Programmed", "True", "Programmed", undefined],
])("%s %s %s", (type, status, reason, expected) =>
  expect(notServing(gateway(type, status, reason))).toBe(expected),
);

test("a Gateway that nobody has judged", () => {
  const { status: _, ...unjudged } = gateway("Programmed", "True", "Programmed");
  expect(notServing(unjudged)).toBeUndefined();
});
