// What a person does with what is kept: add, find, change, throw away, take back, delete for good; by keyboard too.
import assert from "node:assert/strict";
import { faultsOf } from "../support/axe.mjs";
import { ceremony } from "../support/steps.mjs";

export const name = "items are added, found, changed, thrown away and taken back, one or many";

export async function run(world) {
  const profile = await world.profile("items");
  await profile.hook("createVault");
  const page = await profile.page(`${world.sites.origin("shop.test")}/`);
  assert.equal(await ceremony(profile, page, "#register"), "Passkey created.");

  const settings = await profile.own("settings.html#items");
  await adds(settings);
  await finds(settings);
  await changes(settings);
  await throwsAway(profile, settings, page);
  await deletes(settings);
  await many(profile, settings);
}

const row = (settings, title) => settings.getByTestId("item").filter({ hasText: title });
const shelf = (settings, name) => settings.getByLabel(name, { exact: false }).and(settings.getByRole("radio")).check({ force: true });

async function adds(settings) {
  await settings.getByTestId("add").click();
  await settings.getByTestId("add-site").fill("https://mail.example.org/sign-in");
  await settings.getByTestId("add-user").fill("ada");
  await settings.getByTestId("generate").click();
  await settings.waitForFunction(() => document.querySelector("[data-testid=add-password]").value.length === 20);
  await settings.getByTestId("add-confirm").click();
  await row(settings, "mail.example.org").waitFor();

  await settings.getByTestId("add").click();
  await settings.getByText("Note", { exact: true }).click();
  await settings.getByTestId("add-title").fill("Röuter");
  await settings.getByTestId("add-text").fill("It is behind the books.");
  await settings.getByTestId("add-confirm").click();
  await row(settings, "Röuter").click();
  await settings.getByText("It is behind the books.").waitFor();
  await settings.getByTestId("item-close").click();
  assert.equal(await settings.getByTestId("item").count(), 3);
}

/** From the keyboard alone: a key goes to the search, arrows go through what is found, and it opens. */
async function finds(settings) {
  await settings.keyboard.press("/");
  await settings.keyboard.type("ROUTER");
  await row(settings, "mail.example.org").waitFor({ state: "detached" });
  assert.equal(await settings.getByTestId("item").count(), 1, "neither case nor accents matter");
  await settings.getByTestId("search").fill("");
  await row(settings, "mail.example.org").waitFor();
  await row(settings, "mail.example.org").focus();
  await settings.keyboard.press("ArrowDown");
  await settings.waitForFunction(() => document.activeElement.textContent.includes("Röuter"));
  await settings.keyboard.press("Home");
  await settings.waitForFunction(() => document.activeElement.textContent.includes("mail.example.org"));
  await settings.keyboard.press("Enter");
  await settings.getByTestId("item-close").waitFor();
  await settings.keyboard.press("Escape");
  await settings.getByTestId("item-close").waitFor({ state: "detached" });
}

async function changes(settings) {
  await row(settings, "mail.example.org").click();
  await settings.getByTestId("item-edit").click();
  await settings.getByTestId("item-name").fill("Post office");
  await settings.getByTestId("edit-password").fill("a new password");
  await settings.getByTestId("edit-tags").fill("home, two people");
  assert.deepEqual(await faultsOf(settings), []);
  await settings.getByTestId("item-save").click();
  await settings.getByTestId("reveal").click();
  assert.equal(await settings.getByTestId("password").textContent(), "a new password");
  await settings.getByText("Earlier passwords").waitFor();
  await settings.getByTestId("item-close").click();
  await row(settings, "Post office").waitFor();
  await settings.getByTestId("tag").selectOption("two people");
  await row(settings, "Röuter").waitFor({ state: "detached" });
  await settings.getByTestId("tag").selectOption("");
  await row(settings, "Röuter").waitFor();
}

/** What lies in the trash does not serve; what comes back does. */
async function throwsAway(profile, settings, page) {
  await row(settings, "ada@example.com").click();
  await settings.getByTestId("trash").click();
  await row(settings, "ada@example.com").waitFor({ state: "detached" });
  assert.equal(await profile.prompt(page.url()), undefined, "the browser would answer by itself");
  await settings.getByTestId("undo").click();
  await row(settings, "ada@example.com").click();
  await settings.getByTestId("trash").click();
  await row(settings, "ada@example.com").waitFor({ state: "detached" });

  await shelf(settings, "Trash");
  await row(settings, "ada@example.com").click();
  await settings.getByTestId("restore").click();
  await row(settings, "ada@example.com").waitFor({ state: "detached" });
  await shelf(settings, "All");
  await row(settings, "ada@example.com").waitFor();
  assert.equal(await ceremony(profile, page, "#sign-in"), "Welcome back, ada@example.com.");
}

/** What is destroyed can be taken back as long as that is said, and is gone afterwards. */
async function deletes(settings) {
  await row(settings, "Röuter").click();
  await settings.getByTestId("trash").click();
  await row(settings, "Röuter").waitFor({ state: "detached" });
  await shelf(settings, "Trash");
  await row(settings, "Röuter").click();
  await settings.getByTestId("purge").click();
  await settings.getByTestId("undo").click();
  await settings.getByTestId("toast").waitFor({ state: "detached" });
  await row(settings, "Röuter").click();
  await settings.getByTestId("purge").click();
  await settings.getByTestId("toast-now").click();
  await settings.getByRole("heading", { name: "The trash is empty" }).waitFor();
  await shelf(settings, "All");
}

const MANY = 300;

async function many(profile, settings) {
  const worker = await profile.worker();
  await worker.evaluate(async (count) => {
    for (let at = 0; at < count; at++) await globalThis.roamkeyTest.call({ type: "addNote", title: `Note ${String(at).padStart(3, "0")}`, text: "" });
  }, MANY);
  await settings.reload();
  await settings.getByTestId("search").fill("note");
  await settings.getByTestId("total").filter({ hasText: `${MANY}` }).waitFor();
  await settings.getByTestId("select").click();
  await row(settings, "Note 001").getByRole("checkbox").check();
  await row(settings, "Note 004").getByRole("checkbox").click({ modifiers: ["Shift"] });
  await settings.getByTestId("chosen").filter({ hasText: "4 selected" }).waitFor();
  assert.deepEqual(await faultsOf(settings), []);
  await settings.getByTestId("select-all").click();
  await settings.getByTestId("chosen").filter({ hasText: `${MANY} selected` }).waitFor();
  await settings.getByTestId("move-chosen").click();
  await settings.getByRole("heading", { name: "Nothing found" }).waitFor();
  await settings.getByTestId("undo").click();
  await settings.getByTestId("total").filter({ hasText: `${MANY}` }).waitFor();
}
