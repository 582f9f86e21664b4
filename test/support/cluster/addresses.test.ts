import { reserveBlock, toApi, toLocal } from "./addresses.ts";

test("an address has the same length in the API and on this machine", () => {
  expect(toLocal("198.18.3.4")).toBe("127.18.3.4");
  expect(toApi("127.18.3.4")).toBe("198.18.3.4");
  expect(toLocal("10.0.0.1")).toBe("10.0.0.1");
});

test("two clusters have no address in common; one given back is not at once another's", async () => {
  const [one, other] = await Promise.all([reserveBlock(), reserveBlock()]);
  try {
    const network = (address: string): string => address.split(".").slice(0, 3).join(".");
    expect(network(one.node)).not.toBe(network(other.node));
    const first = one.take();
    one.giveBack(first);
    expect(one.take()).not.toBe(first);
    expect(network(first)).toBe(network(one.node));
    const rest = Array.from({ length: 252 }, () => one.take());
    expect(new Set(rest).size).toBe(252);
    expect(rest).not.toContain(one.node);
    expect(() => one.take()).toThrow(/all addresses/);
  } finally {
    await Promise.all([one.release(), other.release()]);
  }
});
