// The packages of the extension's lock file: nothing else is installed for this.
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

const resolve = createRequire(fileURLToPath(new URL("../../extension/package.json", import.meta.url))).resolve;
const load = (name) => import(pathToFileURL(resolve(name)));

export const helpers = await load("@simplewebauthn/server/helpers");
export const { chromium } = await load("playwright-core").then((module) => module.default ?? module);
