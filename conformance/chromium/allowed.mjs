// Where our client differs from Chromium's virtual authenticator, each with its name and reason. What is not in here fails.
//
// `paths` are the members that may differ; `when` looks at the request, both outcomes and the difference. A name that begins
// with `state: ` leaves the two sides with different credentials, and ends the world.

/** Algorithms that Chromium's authenticator lacks. */
const OURS_ALONE = [-9, -19, -35];

/** The first algorithm that we have. */
const OURS = [-7, -8, -48, -49, -50, -257, ...OURS_ALONE];
const chosen = (options) => options.pubKeyCredParams?.find(({ type, alg }) => type === "public-key" && OURS.includes(alg))?.alg;
const input = (options, name) => options.extensions?.[name];
/** What either side knows of the credentials that a list names. */
const named = (list, world) => (list ?? []).flatMap(({ id }) => world.made[Number(id.slice(1))] ?? []);
/** Chromium protects these at level 3 though nobody asked for it. */
const isHidden = (made) =>
  made !== undefined &&
  input(made.options, "credentialProtectionPolicy") === undefined &&
  made.options.authenticatorSelection?.userVerification !== "discouraged";
const size = (text) => Buffer.from(text, "base64url").length;

/** What is wrong with a request: with two faults, either may be told. */
function faults({ kind, options, page }) {
  const create = kind === "create";
  const largeBlob = input(options, "largeBlob");
  const foreign = (name) => !["", undefined].includes(input(options, name));
  const policy = input(options, "credentialProtectionPolicy");
  const id = create ? options.rp?.id : options.rpId;
  return [
    page.origin === "https://192.0.2.1",
    id !== undefined && id !== page.ids[0],
    create && ![...Array(64).keys()].includes(size(options.user?.id ?? "") - 1),
    create ? input(options, "appid") !== undefined : foreign("appid"),
    create && foreign("appidExclude"),
    create && policy === "x",
    create && input(options, "enforceCredentialProtectionPolicy") === true && [undefined, "userVerificationOptional"].includes(policy),
    largeBlob !== undefined && (create ? "read" in largeBlob || "write" in largeBlob : "support" in largeBlob || "write" in largeBlob),
    input(options, "prf")?.evalByCredential !== undefined,
    create && options.pubKeyCredParams?.length > 0 && options.pubKeyCredParams.every(({ type }) => type !== "public-key"),
  ].filter(Boolean).length;
}

export const ALLOWED = [
  {
    name: "of two faults, another one is told",
    paths: [/^error$/],
    when: (situation, { chromium, ours }) => ![chromium, ours].includes("none") && faults(situation) > 1,
  },
  {
    // A person's phone has a synced credential too.
    name: "ours can be reached over hybrid",
    paths: [/^transports$/],
    when: ({ ours }) => String(ours.transports) === "hybrid,internal",
  },
  {
    // Chromium asks for credProtect where a site does not: level 2 where it would rather not verify, 3 elsewhere. We protect what
    // the site asks to have protected.
    name: "Chromium protects every discoverable credential",
    paths: [/^data\.extensions\.credProtect$/, /^data\.flags\.ed$/],
    when: ({ kind, options }, { ours }) => kind === "create" && input(options, "credentialProtectionPolicy") === undefined && !ours,
  },
  {
    // To whom nobody verified, what was protected so unasked is not there.
    name: "state: Chromium hides what it protects",
    paths: [/^error$/],
    when: ({ kind, options, ours, native, world }) => {
      const wanted = kind === "create" ? options.authenticatorSelection?.userVerification : options.userVerification;
      const list = kind === "create" ? options.excludeCredentials : options.allowCredentials;
      const told = kind === "create" ? ours.error === "InvalidStateError" : native.error === "NotAllowedError";
      return wanted === "discouraged" && told && named(list, world).some(isHidden);
    },
  },
  {
    // The highest level goes with demanding verification at creation already, and any level with discoverable credentials;
    // ours are all discoverable, and the level is about what comes later.
    name: "state: Chromium finds a protection inconsistent with the rest",
    paths: [/^error$/],
    when: ({ kind, options, native }) => {
      const { residentKey, userVerification } = options.authenticatorSelection ?? {};
      const policy = input(options, "credentialProtectionPolicy");
      const isWeak = policy === "userVerificationRequired" && userVerification !== "required";
      const isNamedOnly = policy !== undefined && !["required", "preferred"].includes(residentKey);
      return kind === "create" && native.error === "NotSupportedError" && (isWeak || isNamedOnly);
    },
  },
  {
    // Its authenticator has one array for all; we keep a blob of 16 KiB with each credential.
    name: "state: Chromium has less room for large blobs",
    paths: [/^extensions\.largeBlob\.written$/],
    when: (_, { chromium, ours }) => chromium === false && ours === true,
  },
  {
    // A page of http on this very machine is as secure, and its own origin its own.
    name: "Chromium gives no AppID to localhost",
    paths: [/^error$/],
    when: ({ page, native, options }) =>
      page.origin.startsWith("http:") && native.error === "SecurityError" && [input(options, "appid"), input(options, "appidExclude")].includes(""),
  },
  {
    // WebAuthn section 10.1.5 counts the entries of the list.
    name: "Chromium counts credentials of known kinds only",
    paths: [/^error$/],
    when: ({ kind, options, ours }) =>
      kind === "get" && ours.error === "NotSupportedError" && input(options, "largeBlob")?.write !== undefined &&
      options.allowCredentials?.some(({ type }) => type !== "public-key"),
  },
  {
    // Where nothing is named it verifies before it looks, as what it finds may be protected (level 2 is, there). Ours looks first,
    // and verifies where something that it found is.
    name: "Chromium verifies whoever signs in without a list",
    paths: [/^data\.flags\.uv$/],
    when: ({ kind, options }, { chromium, ours }) =>
      kind === "get" && chromium && !ours && options.userVerification === "discouraged" && !(options.allowCredentials?.length > 0),
  },
  {
    // An authenticator that can verify does so whenever it makes a discoverable credential; ours verifies where the site wants.
    name: "Chromium verifies at every creation",
    paths: [/^data\.flags\.uv$/],
    when: ({ kind, options, verified }, { ours }) => kind === "create" && verified && !ours && options.authenticatorSelection?.userVerification === "discouraged",
  },
  {
    // The same where the person cannot be verified; and a sign-in that prefers verification fails with it.
    name: "state: in Chromium a check that fails is the end, demanded or not",
    paths: [/^error$/],
    when: ({ verified, native, ours }) => !verified && native.error === "NotAllowedError" && [undefined, "InvalidStateError"].includes(ours.error),
  },
  {
    name: "state: algorithms that Chromium's authenticator lacks",
    paths: [/^(algorithm|publicKey|statement|data\.key)/, /^error$/],
    when: ({ kind, options, native }) =>
      kind === "create" && OURS_ALONE.includes(chosen(options)) && (native.error === undefined || native.error === "NotAllowedError"),
  },
  {
    // Whatever residentKey says: a passkey that its site had to name would be found on no other device.
    name: "state: all of ours are discoverable",
    paths: [/^extensions\.credProps\.rk$/, /^extensions\.largeBlob\.supported$/, /^error$/],
    when: ({ kind, options, native }) =>
      kind === "create" &&
      !["required", "preferred"].includes(options.authenticatorSelection?.residentKey) &&
      (native.error === undefined || input(options, "largeBlob")?.support === "required"),
  },
  {
    // WebAuthn section 5.4.3 wants 1 to 64 bytes.
    name: "state: Chromium takes an empty user handle",
    paths: [/^error$/],
    when: ({ kind, options, ours }) => kind === "create" && options.user?.id === "" && ours.error === "TypeError",
  },
  {
    // A vault has no PIN whose length could be told.
    name: "our client says nothing about PINs",
    paths: [/^data\.extensions\.minPinLength$/, /^data\.flags\.ed$/],
    when: ({ options }, { ours }) => input(options, "minPinLength") === true && !ours,
  },
  {
    // Chromium does not even hand it to the authenticator; ours says in signed data that it is not kept.
    name: "a credBlob that is too long is answered in the authenticator data",
    paths: [/^data\.extensions\.credBlob$/, /^data\.flags\.ed$/],
    when: ({ kind, options }, { chromium }) => kind === "create" && size(input(options, "credBlob") ?? "") > 32 && !chromium,
  },
  {
    // Chromium has it in the client's results alone.
    name: "hmac-secret is in the authenticator data",
    paths: [/^data\.extensions\.hmac-secret$/, /^data\.flags\.ed$/],
    when: ({ kind, options }, { ours }) => kind === "create" && input(options, "hmacCreateSecret") === true && ours === true,
  },
  {
    name: "Chromium on Linux has no payment extension",
    paths: [/^data\.extensions\.thirdPartyPayment$/, /^data\.flags\.ed$/],
    when: ({ kind, options }, { ours }) => kind === "create" && input(options, "payment")?.isPayment === true && ours === true,
  },
  {
    // Chromium's authenticator has them where the site asked at creation; a site may start to use ours at any time.
    name: "every credential of ours has PRFs",
    paths: [/^extensions\.prf\.results/],
    when: ({ kind, native, world }) => kind === "get" && input(world.made[native.credential]?.options, "prf") === undefined,
  },
  {
    // WebAuthn section 10.1.2: the output is true where the extension was acted upon.
    name: "Chromium does not answer appidExclude",
    paths: [/^extensions\.appidExclude$/],
    when: ({ kind, options }, { ours }) => kind === "create" && typeof input(options, "appidExclude") === "string" && ours === true,
  },
  {
    // WebAuthn section 5.1.4.2: a list in which nothing is left is not an empty one.
    name: "Chromium takes a list of unknown kinds for an empty one",
    paths: [/^error$/],
    when: ({ kind, options, ours }) =>
      kind === "get" && options.allowCredentials?.length > 0 && options.allowCredentials.every(({ type }) => type !== "public-key") && ours.error === "NotAllowedError",
  },
  {
    // WebAuthn section 10.1.4: its keys name credentials of the list, of which entries of unknown kinds are none.
    name: "Chromium lets evalByCredential name what it skips",
    paths: [/^error$/],
    when: ({ kind, options, ours }) =>
      kind === "get" && ours.error === "SyntaxError" && input(options, "prf")?.evalByCredential !== undefined &&
      options.allowCredentials?.some(({ type }) => type !== "public-key"),
  },
  {
    // WebAuthn section 5.4: the formats that the site prefers, most preferred first.
    name: "Chromium does not look at attestationFormats",
    paths: [/^format$/, /^statement$/],
    when: ({ options }) => options.attestationFormats?.some((format) => ["packed", "none"].includes(format)),
  },
];

/** The names of what can be explained, and what cannot. */
export function explain(situation, found) {
  const names = [];
  let unexplained = found;
  for (const { name, paths, when } of ALLOWED) {
    const covered = unexplained.filter((each) => paths.some((path) => path.test(each.path)) && when(situation, each));
    if (covered.length === 0) continue;
    names.push(name);
    unexplained = unexplained.filter((each) => !covered.includes(each));
  }
  return { unexplained, names };
}
