import { describe, expect, it } from "vitest";
import vectors from "../../../vectors/webauthn-extensions.json" with { type: "json" };
import { decode, encode } from "./base64url.ts";
import { optionsToJson, partsFromJson } from "./convert.ts";

describe("base64url", () => {
  it("comes back as it went", () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
    expect(new Uint8Array(decode(encode(bytes)))).toEqual(bytes);
    expect(encode(new Uint8Array([0xfb, 0xff]))).toBe("-_8");
  });
});

describe("a page's options", () => {
  it("become JSON, bytes as base64url", () => {
    const options = { challenge: new Uint8Array([1, 2, 3]).buffer, timeout: 5, rpId: undefined, allowCredentials: [{ id: new ArrayBuffer(1), type: "public-key" }] };
    expect(optionsToJson(options)).toEqual({ challenge: "AQID", timeout: 5, allowCredentials: [{ id: "AA", type: "public-key" }] });
  });

  it.each([{ timeout: Number.NaN }, { rpId: 1n }, { user: () => 1 }])("that are no data are refused", (options) => {
    expect(() => optionsToJson(options)).toThrow();
  });
});

describe("a credential", () => {
  it("is taken apart, PRF results as bytes", () => {
    const parts = partsFromJson({
      id: "AQID",
      authenticatorAttachment: "platform",
      clientExtensionResults: { prf: { results: { first: "AQ" } }, credProps: { rk: true } },
      response: { clientDataJSON: "e30", signature: "AA", authenticatorData: "AA", userHandle: null },
    });
    expect(parts.extensions).toEqual({ prf: { results: { first: new Uint8Array([1]).buffer } }, credProps: { rk: true } });
    expect(Object.keys(parts.buffers)).toEqual(["clientDataJSON", "authenticatorData", "signature"]);
  });

  it.each(vectors.cases.filter((each) => each.output !== undefined))("has the outputs of its extensions: $why", ({ output }) => {
    const { extensions } = partsFromJson({ id: "AQID", clientExtensionResults: output, response: {} });
    expect(optionsToJson(extensions)).toEqual(output);
  });

  it("has blobs as bytes", () => {
    const clientExtensionResults = { getCredBlob: "AQ", largeBlob: { blob: "Ag" } };
    const { extensions } = partsFromJson({ id: "AQID", clientExtensionResults, response: {} });
    expect(extensions).toEqual({ getCredBlob: new Uint8Array([1]).buffer, largeBlob: { blob: new Uint8Array([2]).buffer } });
  });
});
