// What a person does with what is kept: add, find, rename, throw away, bring back, delete for good.
import assert from "node:assert/strict";
import { ceremony } from "../support/steps.mjs";

export const name = "items are added, found, renamed, thrown away and brought back";

export async function run(world) {
  const profile = await world.profile("items");
  await profile.hook("createVault");
  const page = await profile.page(`${world.sites.origin("shop.test")}/`);
  assert.equal(await ceremony(profile, page, "#register"), "Passkey created.");

  const settings = await profile.own("settings.html#items");
  await adds(settings);
  await finds(settings);
  await renames(settings);
  await throwsAway(profile, settings, page);
  await deletes(settings);
}

const row = (settings, title) => settings.getByTestId("item").filter({ hasText: title });

async function adds(settings) {
  await settings.getByTestId("add").click();
  await settings.getByTestId("add-site").fill("https://mail.example.org/sign-in");
  await settings.getByTestId("add-user").fill("ada");
  await settings.getByTestId("add-password").fill("a password of old");
  await settings.getByTestId("add-confirm").click();
  await row(settings, "mail.example.org").waitFor();

  await settings.getByTestId("add").click();
  await settings.getByText("Note", { exact: true }).click();
  await settings.getByTestId("add-title").fill("Router");
  await settings.getByTestId("add-text").fill("It is behind the books.");
  await settings.getByTestId("add-confirm").click();
  await row(settings, "Router").click();
  await settings.getByText("It is behind the books.").waitFor();
  await settings.getByTestId("item-close").click();
  assert.equal(await settings.getByTestId("item").count(), 3);
}

async function finds(settings) {
  await settings.getByTestId("search").fill("shop");
  await row(settings, "Router").waitFor({ state: "detached" });
  assert.equal(await settings.getByTestId("item").count(), 1);
  await settings.getByTestId("search").fill("");
  await row(settings, "Router").waitFor();
}

async function renames(settings) {
  await row(settings, "mail.example.org").click();
  await settings.getByTestId("item-name").fill("Post office");
  await settings.getByTestId("item-save").click();
  await row(settings, "Post office").waitFor();
}

/** What lies in the trash does not serve; what comes back does. */
async function throwsAway(profile, settings, page) {
  await row(settings, "ada@example.com").click();
  await settings.getByTestId("trash").click();
  await row(settings, "ada@example.com").waitFor({ state: "detached" });
  assert.equal(await profile.prompt(page.url()), undefined, "the browser would answer by itself");

  await settings.getByText("Trash", { exact: true }).click();
  await row(settings, "ada@example.com").click();
  await settings.getByTestId("restore").click();
  await row(settings, "ada@example.com").waitFor({ state: "detached" });
  await settings.getByText("All", { exact: true }).click();
  await row(settings, "ada@example.com").waitFor();
  assert.equal(await ceremony(profile, page, "#sign-in"), "Welcome back, ada@example.com.");
}

async function deletes(settings) {
  await row(settings, "Router").click();
  await settings.getByTestId("trash").click();
  await row(settings, "Router").waitFor({ state: "detached" });
  await settings.getByText("Trash", { exact: true }).click();
  await row(settings, "Router").click();
  await settings.getByTestId("purge").click();
  await settings.getByRole("heading", { name: "The trash is empty" }).waitFor();
}
