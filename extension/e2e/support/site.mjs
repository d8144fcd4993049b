// Relying parties on https: several sites on one loopback port, checked by @simplewebauthn/server.
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";

const here = dirname(fileURLToPath(import.meta.url));
export const NAMES = ["shop.test", "www.shop.test", "bank.test", "evilshop.test", "example.com"];

/** Starts the sites; `origin(name)` is a site's origin. */
export async function startSites({ cert, key }) {
  const sites = new Map(NAMES.map((name) => [name, new Site(name)]));
  const server = createServer({ cert, key }, (request, response) => {
    void answer(sites, request, response).catch((error) => send(response, 500, { error: String(error) }));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  for (const site of sites.values()) site.origin = `https://${site.name}:${port}`;
  return {
    port,
    origin: (name) => `https://${name}:${port}`,
    site: (name) => sites.get(name),
    /** Serves a page of one's own, and says where. */
    serve: (name, page) => {
      const site = sites.get(name);
      site.pages.push(page);
      return `${site.origin}/page/${site.pages.length - 1}`;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

class Site {
  users = new Map();
  open = new Map();
  pages = [];
  /** By path; what a site says of itself. */
  documents = {};

  constructor(name) {
    this.name = name;
    this.rpId = name.replace(/^www\./, "");
  }

  user(name) {
    if (!this.users.has(name)) this.users.set(name, { name, id: crypto.getRandomValues(new Uint8Array(32)), credentials: [] });
    return this.users.get(name);
  }

  async registerOptions({ user: name, exclude = true, verification = "preferred" }) {
    const user = this.user(name);
    const options = await generateRegistrationOptions({
      rpName: "Corner Shop",
      rpID: this.rpId,
      userName: name,
      userID: user.id,
      userDisplayName: name.split("@")[0],
      excludeCredentials: exclude ? user.credentials.map(({ id, transports }) => ({ id, transports })) : [],
      authenticatorSelection: { residentKey: "required", userVerification: verification },
    });
    this.open.set(options.challenge, { user, verification });
    return options;
  }

  async register({ challenge, response }) {
    const { user, verification } = this.take(challenge);
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: this.origin,
      expectedRPID: this.rpId,
      requireUserVerification: verification === "required",
    });
    if (verified) user.credentials.push({ ...registrationInfo.credential, userHandle: user.id });
    return { verified, backedUp: registrationInfo?.credentialBackedUp, userVerified: registrationInfo?.userVerified };
  }

  async signInOptions({ user: name, verification = "preferred" }) {
    const allowCredentials = name ? this.user(name).credentials.map(({ id, transports }) => ({ id, transports })) : [];
    const options = await generateAuthenticationOptions({ rpID: this.rpId, allowCredentials, userVerification: verification });
    this.open.set(options.challenge, { verification });
    return options;
  }

  async signIn({ challenge, response }) {
    const { verification } = this.take(challenge);
    const user = [...this.users.values()].find((each) => each.credentials.some(({ id }) => id === response.id));
    const credential = user?.credentials.find(({ id }) => id === response.id);
    if (!credential) throw new Error("unknown credential");
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: this.origin,
      expectedRPID: this.rpId,
      credential,
      requireUserVerification: verification === "required",
    });
    return { verified, user: user.name, userVerified: authenticationInfo.userVerified, backedUp: authenticationInfo.credentialBackedUp };
  }

  take(challenge) {
    const open = this.open.get(challenge);
    if (!open) throw new Error("unknown challenge");
    this.open.delete(challenge);
    return open;
  }
}

const ROUTES = { "/register/options": "registerOptions", "/register": "register", "/sign-in/options": "signInOptions", "/sign-in": "signIn" };
const FILES = { "/": "site.html", "/site.css": "site.css", "/site.js": "site.js", "/frames": "frames.html" };
const TYPES = { html: "text/html; charset=utf-8", css: "text/css", js: "text/javascript" };

async function answer(sites, request, response) {
  const url = new URL(request.url, `https://${request.headers.host}`);
  const site = sites.get(url.hostname);
  if (!site) return send(response, 404, {});
  const file = FILES[url.pathname];
  if (request.method === "GET" && file) {
    const [, extension] = file.split(".");
    const body = readFileSync(join(here, file), "utf8").replaceAll("{{inner}}", url.searchParams.get("inner") ?? "");
    response.writeHead(200, { "content-type": TYPES[extension], "cache-control": "no-store" });
    return response.end(body);
  }
  const document = site.documents[url.pathname];
  if (document) return send(response, 200, document);
  const page = site.pages[Number(/^\/page\/(\d+)$/.exec(url.pathname)?.[1])];
  if (page) {
    response.writeHead(200, { "content-type": TYPES.html, ...page.headers });
    return response.end(page.html);
  }
  const method = ROUTES[url.pathname];
  if (request.method !== "POST" || !method) return send(response, 404, {});
  send(response, 200, await site[method](await body(request)));
}

async function body(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString() || "{}");
}

function send(response, status, value) {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}
