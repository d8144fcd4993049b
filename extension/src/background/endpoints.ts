/**
 * Where a site lets passkeys be managed, by its own word (`/.well-known/passkey-endpoints`). Asked when the person asks, and
 * never before: the site would learn from it who has a passkey there.
 */

import type { Endpoints } from "../messages/ui.ts";
import { fetchDocument } from "./related.ts";

export async function readEndpoints(site: string): Promise<Endpoints> {
  const url = `https://${site}/.well-known/passkey-endpoints`;
  // An rpId is a host, and nothing but a host.
  if (!URL.canParse(url) || new URL(url).hostname !== site) return {};
  return parseEndpoints(await fetchDocument(url));
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
