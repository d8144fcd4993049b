// Everything that a journey needs: a folder, sites, a server, profiles; all gone at the end.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { openProfile } from "./browser.mjs";
import { makeCertificates } from "./certificates.mjs";
import { openFirefox } from "./firefox.mjs";
import { startLiar } from "./liar.mjs";
import { startServer } from "./server.mjs";
import { NAMES, startSites } from "./site.mjs";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");

export const binaries = resolve(process.env.ROAMKEY_BIN_DIR ?? join(root, "target/debug"));
/** ROAMKEY_EXT names a build, or the folder of both. */
const given = resolve(process.env.ROAMKEY_EXT ?? join(root, "target/ext"));
const isBuild = existsSync(join(given, "manifest.json"));
export const testBuild = isBuild ? given : join(given, "test");
export const releaseBuild = join(isBuild ? dirname(given) : given, "release");

export async function makeWorld({ server: withServer = true, headed = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "roamkey-"));
  const certificates = makeCertificates(join(folder, "tls"), NAMES);
  const sites = await startSites(certificates);
  const profiles = [];
  const world = {
    folder,
    certificates,
    sites,
    server: withServer ? await startServer({ binaries, folder, ...withServer }) : undefined,
    async profile(name, options = {}) {
      const profile = await openProfile({ folder: join(folder, name), extension: testBuild, ca: certificates.ca, port: sites.port, headed, ...options });
      profiles.push(profile);
      return profile;
    },
    async firefox(name) {
      const profile = await openFirefox({ folder: join(folder, name), extension: testBuild, ca: certificates.ca });
      profiles.push(profile);
      return profile;
    },
    async restartServer() {
      world.server = await startServer({ binaries, folder, ...withServer, port: world.server.port, origin: world.liar?.url });
    },
    /** Puts whoever runs the server before it; its URL is the one that browsers get. */
    async lie() {
      world.liar = await startLiar();
      world.liar.leadTo(world.server.port);
      await world.server.stop();
      await world.restartServer();
      return world.liar;
    },
    /** Of every page that is open. */
    urls: () => profiles.flatMap((profile) => profile.urls()),
    async close() {
      for (const profile of profiles) await profile.close().catch(() => undefined);
      await sites.close();
      await world.liar?.stop();
      await world.server?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return world;
}
