import fc from "fast-check";
import { LuaFactory } from "wasmoon";
import { encodeWishes, WISHES_LUA, type Wishes } from "./wishes.ts";

let read: (text: string) => unknown;

beforeAll(async () => {
  const lua = await new LuaFactory().createEngine();
  await lua.doString(`${WISHES_LUA}
    function run(text) return wishes_of(text) end`);
  read = lua.global.get("run");
});

const name = fc.stringMatching(/^[a-z][a-z_]{0,8}$/);
// What the configuration may hold: any text but NUL, which the test's bridge to Lua cuts at.
const text = fc.string({ unit: "grapheme" }).map((s) => s.replaceAll("\0", ""));
const wishes: fc.Arbitrary<Wishes> = fc.dictionary(
  fc.stringMatching(/^[a-z][a-z-]{0,12}$/),
  fc.dictionary(
    name,
    fc.oneof(fc.constant(true as const), text, fc.array(text, { minLength: 1, maxLength: 3 })),
  ),
);
const byEndpoint = (value: unknown) =>
  JSON.parse(JSON.stringify(value ?? {})) as Record<string, Record<string, unknown>>;

test("Lua reads what was written, whatever the texts hold", () => {
  fc.assert(
    fc.property(wishes, (value) => {
      const found = byEndpoint(read(encodeWishes(value)));
      const expected = byEndpoint(value);
      expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
      for (const [endpoint, fields] of Object.entries(expected)) {
        // An empty table of Lua has no kind of its own.
        if (Object.keys(fields).length > 0) expect(found[endpoint]).toEqual(fields);
      }
    }),
  );
});

test("a line for each endpoint, a field behind each tab", () => {
  const text = encodeWishes({
    "chat-completions": { lane: "native", model: "a\tb%", stream_usage: true, zero: ["x", "y"] },
    messages: { lane: "translated" },
  });
  expect(text).toBe(
    "chat-completions\tlane=native\tmodel=a%09b%25\tstream_usage\tzero+x\tzero+y\nmessages\tlane=translated",
  );
});
