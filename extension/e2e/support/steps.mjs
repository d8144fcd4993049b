// What a person does, in the extension's own windows.

export const PASSPHRASE = "lantern orbit velvet thicket";
/** Of the vaults that `roamkeyTest.createVault` makes. */
export const HOOK_PASSPHRASE = "correct horse battery staple";

export async function createVault(profile, server, passphrase = PASSPHRASE) {
  const page = await profile.own("welcome.html");
  await page.getByTestId("create-vault").click();
  await page.getByTestId("server").fill(server);
  await page.getByTestId("passphrase").fill(passphrase);
  await page.getByTestId("passphrase-again").fill(passphrase);
  await page.getByTestId("submit").click();
  await page.getByTestId("done").waitFor({ timeout: 30_000 });
  return page;
}

/** Pairs `newcomer` by the code that `member` shows; `shoot` sees each page on the way. */
export async function pair(member, newcomer, server, { passphrase = PASSPHRASE, name, shoot = async () => {} } = {}) {
  const settings = await member.own("settings.html#devices");
  await settings.getByTestId("pair").click();
  const code = (await settings.getByTestId("pair-code").textContent({ timeout: 15_000 })).trim();
  await shoot(settings, "pair-code");

  const welcome = await newcomer.own("welcome.html");
  await welcome.getByTestId("join-vault").click();
  await welcome.getByTestId("code").fill(code);
  await welcome.getByTestId("server").fill(server);
  if (name) await welcome.getByTestId("device-name").fill(name);
  await welcome.getByTestId("passphrase").fill(passphrase);
  await welcome.getByTestId("passphrase-again").fill(passphrase);
  await welcome.getByTestId("submit").click();
  const emoji = (await welcome.getByTestId("emoji").textContent({ timeout: 30_000 })).trim();
  await shoot(welcome, "join-emoji");

  await settings.locator(`[data-emoji="${emoji}"] input`).check({ timeout: 15_000 });
  await settings.getByTestId("held").check();
  await shoot(settings, "pair-confirm");
  await settings.getByTestId("pair-confirm").click();
  await welcome.getByTestId("done").waitFor({ timeout: 30_000 });
  await settings.getByTestId("pair-close").click({ timeout: 30_000 });
  return { settings, welcome };
}

/** Waits until the server holds everything. */
export async function synced(profile) {
  for (let tries = 0; tries < 120; tries++) {
    await profile.core({ type: "sync" });
    if ((await profile.core({ type: "state" })).membership.pending === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error("changes still wait for the server");
}

/** The browser's own authenticator, virtual: what answers when the extension stands aside. */
export async function nativeAuthenticator(profile, page) {
  const session = await profile.context.newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "usb", hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
  });
  return { credentials: async () => (await session.send("WebAuthn.getCredentials", { authenticatorId })).credentials };
}

/** Presses a button of a window, which may close under the press. */
export async function answer(window, button) {
  await window
    .getByTestId(button)
    .click()
    .catch((error) => {
      if (!window.isClosed()) throw error;
    });
}

/** Presses a site's button and answers in the consent window; returns what the site says then. */
export async function ceremony(profile, page, button, { press = "accept", before = async () => {} } = {}) {
  // A person presses what they see: a tab behind others opens no window.
  await page.bringToFront();
  const opened = profile.consent();
  await page.locator(button).click();
  const consent = await opened;
  await consent.getByTestId(press).waitFor();
  await before(consent);
  await answer(consent, press);
  await page.waitForFunction(() => !/moment/.test(document.querySelector("#status").textContent));
  return page.locator("#status").textContent();
}

export async function removeOtherDevice(profile, { shoot = async () => {} } = {}) {
  const settings = await profile.own("settings.html#devices");
  await settings.getByTestId("revoke").first().click();
  await shoot(settings, "revoke");
  await settings.getByTestId("revoke-confirm").click();
  await settings.getByTestId("past-device").first().waitFor({ timeout: 30_000 });
  return settings;
}
