// The site's own script: the standard's JSON forms and nothing else.
const status = document.querySelector("#status");
const user = document.querySelector("#user");

async function post(path, body) {
  const response = await fetch(path, { method: "POST", body: JSON.stringify(body) });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

/** Runs a ceremony and answers what the server found; `extra` goes to the options' endpoint. */
async function register(extra = {}) {
  const options = await post("/register/options", { user: user.value, ...extra });
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const credential = await navigator.credentials.create({ publicKey });
  return post("/register", { challenge: options.challenge, response: credential.toJSON() });
}

async function signIn({ mediation = "optional", signal, ...extra } = {}) {
  const options = await post("/sign-in/options", extra);
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const credential = await navigator.credentials.get({ publicKey, mediation, ...(signal ? { signal } : {}) });
  return post("/sign-in", { challenge: options.challenge, response: credential.toJSON() });
}

async function show(task, done) {
  status.textContent = "One moment…";
  try {
    status.textContent = done(await task());
  } catch (error) {
    status.textContent = `${error.name}: ${error.message}`;
  }
}

document.querySelector("#register").addEventListener("click", () => show(register, () => "Passkey created."));
document.querySelector("#sign-in").addEventListener("click", () => show(signIn, ({ user }) => `Welcome back, ${user}.`));
Object.assign(window, { site: { register, signIn } });
