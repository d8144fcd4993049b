/**
 * Where a site lets passkeys be managed, and a password be changed, by its own word (`/.well-known/passkey-endpoints`,
 * `/.well-known/change-password`). Asked when the person asks, and never before: the site would learn from it who has what there.
 */

import type { Endpoints, Managed } from "../messages/ui.ts";
import { fetchDocument } from "./related.ts";

export async function readEndpoints(site: string, of: Managed): Promise<Endpoints> {
  const url = wellKnown(site, of === "passkey" ? "passkey-endpoints" : "change-password");
  if (url === undefined) return {};
  return of === "passkey" ? parseEndpoints(await fetchDocument(url)) : readChange(site, url);
}

/** A site that has a page for everything says nothing by having this one (W3C, "A Well-Known URL for Changing Passwords", 4.1). */
async function readChange(site: string, url: string): Promise<Endpoints> {
  const nothing = wellKnown(site, "resource-that-should-not-exist-whose-status-code-should-not-be-200") ?? url;
  const [given, never] = await Promise.all([fetchDocument(url), fetchDocument(nothing)]);
  return isOk(given.status) && !isOk(never.status) && never.status !== 0 ? { manage: url } : {};
}

function isOk(status: number): boolean {
  return status >= 200 && status < 300;
}

function wellKnown(site: string, name: string): string | undefined {
  const url = `https://${site}/.well-known/${name}`;
  // A site is a host, and nothing but a host.
  return URL.canParse(url) && new URL(url).hostname === site ? url : undefined;
}

export function parseEndpoints({ status, contentType, body }: { status: number; contentType: string; body: string }): Endpoints {
  if (status !== 200 || !/^application\/json\s*(;|$)/i.test(contentType)) return {};
  try {
    const { manage, enroll } = JSON.parse(body) as Record<string, unknown>;
    return { ...(isAddress(manage) ? { manage } : {}), ...(isAddress(enroll) ? { enroll } : {}) };
  } catch {
    return {};
  }
}

function isAddress(value: unknown): value is string {
  return typeof value === "string" && value.length <= 2048 && URL.canParse(value) && new URL(value).protocol === "https:";
}
