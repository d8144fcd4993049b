// Chromium with its virtual authenticator: requests run as a page's own.
import { chromium } from "./packages.mjs";

/** One that is part of the device, verifies, and does all that Chromium's can. */
const AUTHENTICATOR = {
  protocol: "ctap2",
  ctap2Version: "ctap2_1",
  transport: "internal",
  hasResidentKey: true,
  hasUserVerification: true,
  hasLargeBlob: true,
  hasCredBlob: true,
  hasMinPinLength: true,
  hasPrf: true,
  automaticPresenceSimulation: true,
  isUserVerified: true,
  defaultBackupEligibility: true,
  defaultBackupState: true,
};

const FRAMING = "https://news.test";

export class Browser {
  static async open() {
    const browser = await chromium.launch({
      executablePath: process.env.ROAMKEY_CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"],
    });
    return new Browser(browser);
  }

  constructor(browser) {
    this.browser = browser;
  }

  /** Opens a page with an authenticator of its own; `framed` puts it into a page of another site. */
  async visit(origin, framed) {
    await this.page?.close();
    this.page = await this.browser.newPage();
    await this.page.route("**/*", serve);
    this.session = await this.page.context().newCDPSession(this.page);
    await this.session.send("WebAuthn.enable");
    const { authenticatorId } = await this.session.send("WebAuthn.addVirtualAuthenticator", { options: AUTHENTICATOR });
    this.authenticatorId = authenticatorId;
    await this.page.goto(framed ? `${FRAMING}/?frame=${encodeURIComponent(`${origin}/`)}` : `${origin}/`);
    this.frame = framed ? this.page.frames().find((frame) => frame.url().startsWith(origin)) : this.page.mainFrame();
    return framed ? [FRAMING] : [];
  }

  async verifies(isUserVerified) {
    await this.session.send("WebAuthn.setUserVerified", { authenticatorId: this.authenticatorId, isUserVerified });
  }

  /** What `navigator.credentials` makes of the JSON form of options. */
  async ask(kind, options) {
    if (kind === "create") await this.touch();
    return this.frame.evaluate(run, [kind, options]);
  }

  /** A frame of another site may create only after a gesture. */
  async touch() {
    await this.session.send("Runtime.evaluate", { expression: "0", userGesture: true });
    const frameGesture = this.frame.parentFrame() !== null;
    if (frameGesture) await this.frame.locator("p").click();
  }

  close() {
    return this.browser.close();
  }
}

/** Every address is a page, but the one that says who is related to whom. */
function serve(route) {
  const url = new URL(route.request().url());
  if (url.pathname.startsWith("/.well-known/")) return route.fulfill({ status: 404 });
  const frame = url.searchParams.get("frame");
  const allow = "publickey-credentials-create *; publickey-credentials-get *";
  const body = frame === null ? "<!doctype html><p>page" : `<!doctype html><iframe src="${frame}" allow="${allow}"></iframe>`;
  return route.fulfill({ contentType: "text/html", body });
}

/** Runs in the page. One that Chromium leaves waiting is called off. */
async function run([kind, json]) {
  const parse = kind === "create" ? "parseCreationOptionsFromJSON" : "parseRequestOptionsFromJSON";
  try {
    const publicKey = PublicKeyCredential[parse](json);
    const credential = await navigator.credentials[kind]({ publicKey, signal: AbortSignal.timeout(3000) });
    return { ok: credential.toJSON() };
  } catch (error) {
    return { error: error.name, message: error.message };
  }
}
