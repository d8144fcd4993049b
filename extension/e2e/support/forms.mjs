// Pages of a shop that asks for passwords, in the ways of the web: each says what its forms were left with.

const page = (body, script = "") => ({
  html: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Corner Shop</title><body>${body}<script>${script}</script></body></html>`,
});

const SIGN_IN = `<label>E-mail <input type="email" name="email" id="user" autocomplete="username"></label>
  <label>Password <input type="password" name="password" id="password" autocomplete="current-password"></label><button id="go">Sign in</button>`;

export const welcome = () => page("<h1>Welcome</h1><p id=welcome>You are signed in.</p>");

/** Sends the form to `action`, as forms do; a shop that refuses leads back to itself. */
export const signIn = (action) => page(`<form action="${action}">${SIGN_IN}</form>`);

/** Sends nothing by itself: a script takes the form away when the shop has taken it. It listens like the frameworks do. */
export const scripted = () =>
  page(
    `<div id="app"><div>${SIGN_IN.replace("<button", '<button type="button"')}</div></div><output id="heard"></output>`,
    `const app = document.querySelector("#app"), heard = {};
     for (const input of app.querySelectorAll("input")) {
       // As some do: a setter of their own on the element, of which the browser's is none.
       let kept = "";
       Object.defineProperty(input, "value", { get: () => kept, set: (value) => { kept = "taken over: " + value; } });
       const native = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").get;
       for (const type of ["input", "change"]) input.addEventListener(type, () => { heard[input.id + " " + type] = native.call(input); });
     }
     document.querySelector("#go").addEventListener("click", () => { document.querySelector("#heard").textContent = JSON.stringify(heard); app.remove(); });`,
  );

export const signUp = (action) =>
  page(`<form action="${action}"><h1>Create your account</h1><label>E-mail <input type="email" name="email" id="user"></label>
    <label>Password <input type="password" id="password" autocomplete="new-password" passwordrules="minlength: 24; required: lower; required: digit;" maxlength="30"></label>
    <label>Repeat the password <input type="password" id="again" autocomplete="new-password"></label><button id="go">Sign up</button></form>`);

export const change = (action) =>
  page(`<form action="${action}"><label>Current password <input type="password" id="old"></label><label>New password <input type="password" id="password"></label>
    <label>New password again <input type="password" id="again"></label><button id="go">Change</button></form>`);

/** The name, and then the password on a page of its own. */
export const firstStep = (action) => page(`<h1>Sign in</h1><form action="${action}"><label>E-mail <input type="email" id="user" name="email"></label><button id="go">Next</button></form>`);
export const secondStep = (action) => page(`<form action="${action}"><label>Password <input type="password" id="password"></label><button id="go">Sign in</button></form>`);

export const code = () => page(`<form><label>Verification code <input id="code" autocomplete="one-time-code"></label><button>Verify</button></form>`);

export const shadow = () =>
  page(`<main><template shadowrootmode="open"><form>${SIGN_IN}</form></template></main>`.replace("<main>", '<main id="host">'));

/** A page with another inside, which may be anyone's. */
export const framing = (url) => page(`<h1>Around</h1><iframe src="${url}" width="400" height="200"></iframe>`);

/** A script that pretends: nobody typed this, and it sends it off over and over. */
export const insistent = (action) =>
  page(
    `<form action="${action}" target="sink">${SIGN_IN}</form><iframe name="sink"></iframe><p><button id="press">Press</button></p>`,
    `let count = 0;
     document.querySelector("#press").addEventListener("click", () => {
       document.querySelector("#user").value = "x@example.com"; document.querySelector("#password").value = "planted " + count++;
       document.querySelector("#password").dispatchEvent(new InputEvent("input", { bubbles: true }));
       document.querySelector("form").requestSubmit();
     });`,
  );
