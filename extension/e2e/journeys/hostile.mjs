// A page that means ill: what it does to its own world, to our channel and to the person's patience comes to nothing.
import assert from "node:assert/strict";
import { answer } from "../support/steps.mjs";

export const name = "hostile pages: storms, forged handshakes, named elements, tampered prototypes, sandboxes";

export async function run(world) {
  const profile = await world.profile("hostile");
  await profile.hook("createVault");
  const page = await profile.page(`${world.sites.origin("shop.test")}/`);

  await storm(profile, page);
  await forgedHandshake(profile, page);
  await sandbox(page);
  await settingsOutOfReach(profile, page);
  await namedElements(page);
  await tampered(profile, page);
}

/** A loop of requests is one question. */
async function storm(profile, page) {
  const windows = [];
  const count = (window) => windows.push(window);
  profile.context.on("page", count);
  const opened = profile.consent();
  const results = page.evaluate(() => {
    const ask = () => navigator.credentials.create({ publicKey: { challenge: new Uint8Array(32), rp: { name: "Shop" }, user: { id: new Uint8Array(8), name: "n", displayName: "d" }, pubKeyCredParams: [{ type: "public-key", alg: -7 }] } });
    return Promise.all(Array.from({ length: 8 }, () => ask().then(() => "made", (error) => error.name)));
  });
  await answer(await opened, "accept");
  const heard = await results;
  profile.context.off("page", count);
  assert.deepEqual(heard.toSorted(), [...Array.from({ length: 7 }, () => "OperationError"), "made"]);
  assert.equal(windows.length, 1);
  assert.equal((await profile.hook("credentials")).credentials.length, 1);
}

/** The relay took its one port before the page could offer another. */
async function forgedHandshake(profile, page) {
  const heard = await page.evaluate(async () => {
    const { port1, port2 } = new MessageChannel();
    const answered = new Promise((resolve) => { port1.onmessage = () => resolve("answered"); });
    window.dispatchEvent(new MessageEvent("roamkey-port", { ports: [port2] }));
    port1.postMessage({ type: "request", id: 1, kind: "get", options: { challenge: new ArrayBuffer(32) } });
    return Promise.race([answered, new Promise((resolve) => { setTimeout(() => resolve("silence"), 1500); })]);
  });
  assert.equal(heard, "silence");
}

/** An origin of its own has no passkeys, whatever its address says. */
async function sandbox(page) {
  const name = await page.evaluate(() => new Promise((resolve) => {
    addEventListener("message", ({ data }) => resolve(data), { once: true });
    const frame = document.createElement("iframe");
    frame.sandbox = "allow-scripts";
    frame.allow = "publickey-credentials-get *";
    frame.srcdoc = "<script>navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32), rpId: 'shop.test' } }).then(() => 'answered', (error) => error.name).then((name) => parent.postMessage(name, '*'))</script>";
    document.body.append(frame);
  }));
  assert.ok(["NotAllowedError", "SecurityError"].includes(name), name);
}

/** Whoever took over the process of a page, and with it the relay, changes no setting of ours. */
async function settingsOutOfReach(profile, page) {
  const session = await profile.context.newCDPSession(page);
  const relay = new Promise((resolve) => {
    session.on("Runtime.executionContextCreated", ({ context }) => { if (context.auxData?.type === "isolated" && context.origin.startsWith("chrome-extension://")) resolve(context.id); });
  });
  await session.send("Runtime.enable");
  const expression = "chrome.storage.local.set({ settings: { autoLock: 0 } }).then(() => 'written', () => 'refused')";
  const { result } = await session.send("Runtime.evaluate", { contextId: await relay, expression, awaitPromise: true });
  await session.detach();
  assert.equal(result.value, "refused");
}

/** Prototypes that the page replaced neither break the answer nor see the channel. */
async function tampered(profile, page) {
  const opened = profile.consent();
  const asked = page.evaluate(async () => {
    const seen = [];
    const spy = (owner, name) => {
      const real = owner[name];
      owner[name] = function (...given) { seen.push(name); return Reflect.apply(real, this, given); };
    };
    spy(MessagePort.prototype, "postMessage");
    spy(EventTarget.prototype, "dispatchEvent");
    spy(ArrayBuffer.prototype, "slice");
    Object.defineProperty(MessageEvent.prototype, "data", { get() { seen.push("data"); return undefined; } });
    globalThis.structuredClone = () => seen.push("structuredClone");
    globalThis.DOMException = globalThis.PublicKeyCredential = undefined;
    const { response } = await navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32) } });
    return { seen, signature: response.signature.byteLength > 60 };
  });
  await answer(await opened, "accept");
  assert.deepEqual(await asked, { seen: [], signature: true });
}

/** Elements that are named as members of the document do not speak for it. */
async function namedElements(page) {
  const denied = await page.evaluate(() => new Promise((resolve) => {
    addEventListener("message", ({ data }) => resolve(data), { once: true });
    const frame = document.createElement("iframe");
    frame.allow = "publickey-credentials-get 'none'";
    frame.srcdoc = "<form name='featurePolicy'><object name='allowsFeature'></object></form><img name='visibilityState'><script>navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32) } }).then(() => 'answered', (error) => error.name).then((name) => parent.postMessage(name, '*'))</script>";
    document.body.append(frame);
  }));
  assert.equal(denied, "NotAllowedError");
}
