// Random requests. A credential that was made before is named by its number, as `@3`: either side has its own id for it.

/** Pages that ask, and the relying party ids that they may try. */
export const PAGES = [
  { origin: "https://example.com", ids: ["example.com", "com", "login.example.com", "example.net", "EXAMPLE.com"] },
  { origin: "https://login.example.com", ids: ["example.com", "login.example.com", "www.example.com", "com", "n.example.com"] },
  { origin: "https://login.example.com:8443", ids: ["example.com", "login.example.com", "login.example.com:8443"] },
  { origin: "https://shop.example.co.uk", ids: ["example.co.uk", "co.uk", "uk", "shop.example.co.uk"] },
  { origin: "https://ann.github.io", ids: ["ann.github.io", "github.io"] },
  { origin: "http://localhost:8000", ids: ["localhost", "host"] },
  { origin: "https://xn--bcher-kva.example", ids: ["xn--bcher-kva.example", "bücher.example"] },
  { origin: "https://192.0.2.1", ids: ["192.0.2.1", "2.1"] },
];

const COMMON_ALGORITHMS = [-7, -7, -8, -48, -49, -50];
const ALGORITHMS = [...COMMON_ALGORITHMS, -7, -257, -35, -9, -19, -36, -37, -47, -999];

export function creation(random, page, world) {
  const options = {
    rp: { name: "Example" },
    user: { id: user(random, world), name: random.pick(["ann", "", "Änne 🗝", "x".repeat(80)]), displayName: "Ann" },
    challenge: random.text(random.pick([0, 1, 16, 32, 64])),
    pubKeyCredParams: parameters(random),
    authenticatorSelection: { residentKey: random.chance(90) ? "required" : random.pick(["preferred", "discouraged"]) },
  };
  if (random.chance(40)) options.rp.id = rpId(random, page);
  if (random.chance(70)) options.authenticatorSelection.userVerification = verification(random);
  if (random.chance(10)) options.authenticatorSelection.authenticatorAttachment = random.pick(["platform", "on-the-moon"]);
  if (random.chance(30)) options.excludeCredentials = descriptors(random, world);
  if (random.chance(50)) options.attestation = random.pick(["none", "indirect", "direct", "enterprise", "some"]);
  if (random.chance(10)) options.attestationFormats = random.some(["packed", "none", "tpm", "x"], random.below(4));
  if (random.chance(20)) options.timeout = random.pick([60_000, 4_000_000, 20_000.5]);
  if (random.chance(20)) options.hints = random.some(["client-device", "security-key", "hybrid", "x"], random.below(4));
  if (random.chance(60)) options.extensions = extensions(random, CREATE_EXTENSIONS, world);
  return spoilt(random, options);
}

export function request(random, page, world) {
  const options = { challenge: random.text(random.pick([0, 1, 16, 32, 64])) };
  if (random.chance(40)) options.rpId = rpId(random, page);
  if (random.chance(70)) options.userVerification = verification(random);
  if (random.chance(60)) options.allowCredentials = descriptors(random, world);
  if (random.chance(20)) options.timeout = random.pick([60_000, 4_000_000, 20_000.5]);
  if (random.chance(20)) options.hints = random.some(["client-device", "security-key", "hybrid", "x"], random.below(4));
  if (random.chance(60)) options.extensions = extensions(random, GET_EXTENSIONS, world, options.allowCredentials);
  return spoilt(random, options);
}

function user(random, world) {
  if (world.users.length > 0 && random.chance(15)) return random.pick(world.users);
  const id = random.text(random.chance(2) ? random.pick([0, 65]) : random.pick([1, 16, 64]));
  world.users.push(id);
  return id;
}

function rpId(random, page) {
  return random.chance(60) ? page.ids[0] : random.pick(page.ids);
}

function verification(random) {
  return random.pick(["required", "preferred", "discouraged", "maybe"]);
}

function parameters(random) {
  if (random.chance(3)) return [];
  const algorithms = random.chance(80) ? random.some(COMMON_ALGORITHMS, 1 + random.below(3)) : random.some(ALGORITHMS, 1 + random.below(3));
  return algorithms.map((alg) => ({ type: random.chance(97) ? "public-key" : "private-key", alg }));
}

function descriptors(random, world) {
  const known = random.some(world.made.map((_, number) => `@${number}`), random.below(3));
  const ids = random.chance(25) ? [...known, random.text(16)] : known;
  return ids.map((id) => ({ type: random.chance(97) ? "public-key" : "private-key", id }));
}

const inputs = (random) => ({ first: random.text(random.pick([0, 5, 32, 99])), ...(random.chance(30) ? { second: random.text(8) } : {}) });

const APP_IDS = ["", "https://example.com/u2f", "https://www.example.com", "https://example.net", "nonsense", "http://example.com"];

const CREATE_EXTENSIONS = {
  appid: (random) => random.pick(APP_IDS),
  appidExclude: (random) => random.pick(APP_IDS),
  credBlob: (random) => random.text(random.pick([0, 1, 32, 33, 200])),
  credProps: (random) => random.chance(80),
  credentialProtectionPolicy: (random) =>
    random.pick(["userVerificationOptional", "userVerificationOptionalWithCredentialIDList", "userVerificationRequired", "x"]),
  enforceCredentialProtectionPolicy: (random) => random.chance(50),
  getCredBlob: () => true,
  hmacCreateSecret: (random) => random.chance(80),
  largeBlob: (random) => random.pick([{}, { support: "required" }, { support: "preferred" }, { support: "x" }, { read: true }, { write: "AA" }]),
  minPinLength: () => true,
  payment: () => ({ isPayment: true }),
  prf: (random) => random.pick([{}, { eval: inputs(random) }, { eval: inputs(random) }, { evalByCredential: {} }]),
  unheardOf: () => ({ x: [1] }),
};

const GET_EXTENSIONS = {
  appid: (random) => random.pick(APP_IDS),
  appidExclude: (random) => random.pick(APP_IDS),
  credBlob: () => "AA",
  getCredBlob: (random) => random.chance(80),
  largeBlob: (random) => random.pick([{}, { read: true }, { read: true }, { write: random.text(random.below(200)) }, { read: true, write: "AA" }, { support: "required" }]),
  payment: () => ({ isPayment: true }),
  prf: (random, world, allow) =>
    random.pick([{}, { eval: inputs(random) }, { eval: inputs(random) }, { evalByCredential: byCredential(random, allow) }]),
};

function byCredential(random, allow) {
  const ids = random.chance(80) && allow?.length > 0 ? [allow[0].id] : [random.text(16)];
  return Object.fromEntries(ids.map((id) => [id, inputs(random)]));
}

function extensions(random, kinds, world, allow) {
  const names = random.some(Object.keys(kinds), 1 + random.below(3));
  return Object.fromEntries(names.map((name) => [name, kinds[name](random, world, allow)]));
}

/** Now and then one member is missing, or holds no base64url. */
function spoilt(random, options) {
  if (random.chance(2)) delete options[random.pick(Object.keys(options))];
  else if (random.chance(2)) options.challenge = random.pick(["+/+/", "AA==", "A", "ä"]);
  return options;
}

/** The options with the ids that one side has for the credentials. */
export function forSide(options, ids) {
  const text = JSON.stringify(options).replace(/"@(\d+)"/g, (_, number) => JSON.stringify(ids[Number(number)]));
  return JSON.parse(text);
}
