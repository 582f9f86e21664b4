import { createAddresses } from "./addresses.ts";

test("an address is found once, and stays where its name cannot be looked up again", async () => {
  let asked = 0;
  const addresses = createAddresses((host) => {
    asked += 1;
    return host === "proxy" ? Promise.resolve("10.0.0.1") : Promise.reject(new Error("no such"));
  });
  expect(addresses.of("proxy")).toBeUndefined();
  await addresses.refresh(["proxy", "proxy", "ghost"]);
  await addresses.refresh(["proxy"]);
  expect([addresses.of("proxy"), addresses.of("ghost"), asked]).toEqual(["10.0.0.1", undefined, 2]);
});
