// What real sites do that has broken providers before. Each runs in a page of a site where one passkey exists, with consent
// given, and answers "ok" or what it got instead. They run in the page: nothing of this file is in reach of them.

/** A page's script, by what it does; `html` and `headers` make a page of its own for it. */
export const BROKEN_SITES = {
  "an early call, from the first script": {
    html: "<!doctype html><script>globalThis.outcome = navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32) } }).then((each) => each.response.signature.byteLength > 60 ? 'ok' : 'short', String)</script>",
    run: () => globalThis.outcome,
  },
  "document.open and write": {
    run: async () => {
      document.open();
      document.write("<!doctype html><title>Rewritten</title><p>Rewritten");
      document.close();
      return (await navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32) } })).type === "public-key" ? "ok" : "other";
    },
  },
  "a frame without an address": {
    run: () => new Promise((resolve) => {
      addEventListener("message", ({ data }) => resolve(data), { once: true });
      const frame = document.createElement("iframe");
      frame.srcdoc = "<script>navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32) } }).then(() => 'ok', String).then((outcome) => parent.postMessage(outcome, '*'))</script>";
      document.body.append(frame);
    }),
  },
  "a frame made by hand, used at once": {
    run: async () => {
      const frame = document.createElement("iframe");
      document.body.append(frame);
      const { credentials } = frame.contentWindow.navigator;
      const credential = await credentials.get({ publicKey: { challenge: new Uint8Array(32) } });
      return credential instanceof frame.contentWindow.PublicKeyCredential ? "ok" : "of another realm";
    },
  },
  "a blob as a frame": {
    run: () => new Promise((resolve) => {
      addEventListener("message", ({ data }) => resolve(data), { once: true });
      const frame = document.createElement("iframe");
      const html = "<script>navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32) } }).then(() => 'ok', String).then((outcome) => parent.postMessage(outcome, '*'))</script>";
      frame.src = URL.createObjectURL(new Blob([html], { type: "text/html" }));
      document.body.append(frame);
    }),
  },
  "a sandbox by policy, which has no origin": {
    headers: { "content-security-policy": "sandbox allow-scripts" },
    html: "<!doctype html><title>Sandbox</title>",
    run: () => navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32), rpId: "shop.test" } }).then(() => "answered", (error) => (["NotAllowedError", "SecurityError"].includes(error.name) ? "ok" : String(error))),
  },
  "a strict content security policy": {
    headers: { "content-security-policy": "default-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'" },
    html: "<!doctype html><title>Strict</title>",
    run: () => navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32) } }).then(() => "ok", String),
  },
  "frozen prototypes": {
    run: async () => {
      for (const each of [Object, Array, Promise, CredentialsContainer, PublicKeyCredential, MessagePort, EventTarget]) Object.freeze(each.prototype);
      return (await navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32) } })).id.length > 10 ? "ok" : "no id";
    },
  },
  "setters and getters on Object.prototype": {
    run: async () => {
      for (const name of ["id", "type", "request", "options", "parts", "conditional", "signal", "password", "mediation", "response"]) {
        Object.defineProperty(Object.prototype, name, { configurable: true, get: () => undefined, set: () => { throw new Error(`${name} was set`); } });
      }
      try {
        return (await navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32) } })).rawId.byteLength > 10 ? "ok" : "no id";
      } finally {
        for (const name of ["id", "type", "request", "options", "parts", "conditional", "signal", "password", "mediation", "response"]) delete Object.prototype[name];
      }
    },
  },
  "a patched Array and Promise, as old libraries leave them": {
    run: async () => {
      Array.prototype[Symbol.iterator] = function* () { yield "patched"; };
      Array.prototype.toJSON = () => "patched";
      Promise.prototype.then = ((then) => function (...given) { return then.apply(this, given); })(Promise.prototype.then);
      const credential = await navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32) } });
      return JSON.stringify(credential.toJSON()).includes("clientDataJSON") ? "ok" : "no JSON";
    },
  },
  "options behind a proxy": {
    run: async () => {
      const proxied = (value) => (typeof value === "object" && !ArrayBuffer.isView(value) ? new Proxy(value, { get: (target, name) => proxied(target[name]) }) : value);
      return (await navigator.credentials.get(proxied({ publicKey: { challenge: new Uint8Array(32), rpId: "shop.test" } }))).type === "public-key" ? "ok" : "other";
    },
  },
  "a getter that answers differently the second time": {
    run: async () => {
      let read = 0;
      const publicKey = { challenge: new Uint8Array(32), get rpId() { read += 1; return read === 1 ? "shop.test" : "bank.test"; } };
      await navigator.credentials.get({ publicKey });
      return read === 1 ? "ok" : `read ${read} times`;
    },
  },
  "buffers of another realm, and views into larger ones": {
    run: async () => {
      const frame = document.createElement("iframe");
      document.body.append(frame);
      const { Uint8Array: Theirs, DataView: View } = frame.contentWindow;
      const large = new Theirs(64).fill(7, 16, 48);
      const challenge = new View(large.buffer, 16, 32);
      const { response } = await navigator.credentials.get({ publicKey: { challenge } });
      const said = JSON.parse(new TextDecoder().decode(response.clientDataJSON)).challenge;
      return said === "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc" ? "ok" : said;
    },
  },
  "a subclass of the container, and the method without it": {
    run: async () => {
      const { get } = navigator.credentials;
      const alone = await get({ publicKey: { challenge: new Uint8Array(32) } }).then(() => "answered", (error) => error.name);
      const called = await get.call(navigator.credentials, { publicKey: { challenge: new Uint8Array(32) } });
      return alone === "TypeError" && called.type === "public-key" ? "ok" : `${alone} ${called.type}`;
    },
  },
  "another manager that wraps the method afterwards": {
    run: async () => {
      const before = navigator.credentials.get.bind(navigator.credentials);
      const seen = [];
      Object.defineProperty(navigator.credentials, "get", { configurable: true, value: (options) => { seen.push(options); return before(options); } });
      const credential = await navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32) } });
      return seen.length === 1 && credential.type === "public-key" ? "ok" : String(seen.length);
    },
  },
  "an abort before, and one that comes twice": {
    run: async () => {
      const before = await navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32) }, signal: AbortSignal.abort("before") }).catch(String);
      const credential = await navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32) }, signal: new AbortController().signal });
      return before === "before" && credential.type === "public-key" ? "ok" : before;
    },
  },
};
