import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import fc from "fast-check";
import { signatureHeaders } from "./sigv4.ts";

const word = fc.stringMatching(/^[A-Za-z0-9]{1,20}$/);
const segment = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:~-]{0,11}$/).map(encodeURIComponent);

test("signs as AWS's own library does", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        accessKeyId: word,
        secretAccessKey: word,
        sessionToken: fc.option(word, { nil: undefined }),
      }),
      fc.array(segment, { minLength: 1, maxLength: 4 }),
      fc.dictionary(word, fc.string({ maxLength: 8 }), { maxKeys: 3 }),
      fc.uint8Array({ maxLength: 64 }),
      async (keys, segments, query, bytes) => {
        const unixTime = 1_700_000_000;
        const body = Buffer.from(bytes);
        const host = "bedrock-runtime.eu-central-1.amazonaws.com";
        const path = `/${segments.join("/")}`;
        const asked = new URLSearchParams(query).toString();
        const scope = { region: "eu-central-1", service: "bedrock" };
        const { sessionToken, ...plain } = keys;
        const theirs = await new SignatureV4({
          ...scope,
          credentials: { ...plain, ...(sessionToken === undefined ? {} : { sessionToken }) },
          sha256: Sha256,
        }).sign(
          {
            method: "POST",
            protocol: "https:",
            hostname: host,
            path,
            query,
            headers: { host },
            body,
          },
          { signingDate: new Date(unixTime * 1000) },
        );
        const ours = signatureHeaders(
          { method: "POST", host, path: asked === "" ? path : `${path}?${asked}`, body },
          keys,
          scope,
          unixTime,
        );
        expect(Object.fromEntries([["host", host], ...ours])).toEqual(theirs.headers);
      },
    ),
    { numRuns: 50 },
  );
});
