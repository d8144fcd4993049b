// Forms as sites write them. `is` says what a field is to be found as (`1.` before it: in the second form that is found);
// a shape names the purpose of each form that is to be found, in the order of the page.

const page = (about, purposes, html) => ({ about, purposes, html });
const inShadow = (html) => `<template shadowrootmode="open">${html}</template>`;

export const SHAPES = [
  // Signing in.
  page("the standard's own words", ["signIn"], `<form><label>E-mail <input type="email" autocomplete="username" is-="user"></label><label>Password <input type="password" autocomplete="current-password" is-="current"></label><button>Sign in</button></form>`),
  page("names alone", ["signIn"], `<form><input name="username" is-="user"><input type="password" name="password" is-="current"><input type="submit" value="Go"></form>`),
  page("nothing but an order", ["signIn"], `<form><input type="text" is-="user"><input type="password" is-="current"><button>OK</button></form>`),
  page("placeholders", ["signIn"], `<form><input placeholder="Email or phone" is-="user"><input type="password" placeholder="Password" is-="current"><button>Log In</button></form>`),
  page("a password alone, in the second step", ["signIn"], `<form><h1>Welcome</h1><input type="password" name="Passwd" is-="current"><button>Next</button></form>`),
  page("a password beside a name that is shown", ["signIn"], `<form><input name="email" readonly value="ada@example.com" is-="known"><input type="password" is-="current"><button>Sign in</button></form>`),
  page("a password beside a hidden name", ["signIn"], `<form><input type="text" autocomplete="username" value="ada" style="display:none" is-="known"><input type="password" autocomplete="current-password" is-="current"><button>Continue</button></form>`),
  page("no form element", ["signIn"], `<div class="box"><div><input name="login" is-="user"></div><div><input type="password" is-="current"></div><div role="button" tabindex="0">Log in</div></div>`),
  page("no form, and a button that shows what is typed", ["signIn"], `<div><div><span><input name="email" is-="user"></span></div><div><span><input type="password" is-="current"><button type="button">Show</button></span></div><button>Sign in</button></div>`),
  page("in a table, labelled by cells", ["signIn"], `<form><table><tr><td>Login name</td><td><input name="f1" is-="user"></td></tr><tr><td>Password</td><td><input name="f2" type="password" is-="current"></td></tr><tr><td></td><td><input type="submit" value="Enter"></td></tr></table></form>`),
  page("a password that is shown in clear", ["signIn"], `<form><input name="user" is-="user"><input type="text" name="password" is-="current"><button type="button">Hide</button><button>Sign in</button></form>`),
  page("with a box to stay signed in", ["signIn"], `<form><input type="email" name="mail" is-="user"><input type="password" name="pw" is-="current"><label><input type="checkbox"> Remember me</label><button>Sign in</button></form>`),
  page("with the code on the same page", ["signIn"], `<form><input name="user" is-="user"><input type="password" name="pass" is-="current"><input name="otp" inputmode="numeric" maxlength="6" is-="code"><button>Sign in</button></form>`),
  page("a captcha after the password", ["signIn"], `<form><input name="user" is-="user"><input type="password" name="pass" is-="current"><input name="captcha" placeholder="Captcha"><button>Sign in</button></form>`),
  page("a customer number and a bank code", ["signIn"], `<form><label>Bankleitzahl <input name="blz" inputmode="numeric" maxlength="8"></label><label>Benutzerkennung <input name="kennung" is-="user"></label><label>PIN <input type="password" name="pin" is-="current"></label><button>Anmelden</button></form>`),
  page("a token that a form carries", ["signIn"], `<form><input type="hidden" name="csrf" value="1"><input type="hidden" name="username_hint"><input name="username" is-="user"><input type="password" name="password" is-="current"><button>Sign in</button></form>`),
  page("a trap that nobody sees", ["signIn"], `<form><input name="email" style="position:absolute;left:-9999px" tabindex="-1"><input name="login_field" is-="user"><input type="password" style="opacity:0" name="password2"><input type="password" name="password" is-="current"><button>Sign in</button></form>`),
  page("a trap that says so", ["signIn"], `<form><input name="user" is-="user"><label>Leave this field blank <input name="email2"></label><input type="password" name="password" is-="current"><button>Sign in</button></form>`),
  page("a trap that is hidden from readers", ["signIn"], `<form><div aria-hidden="true"><input name="username" tabindex="-1"></div><input name="acct" is-="user"><input type="password" is-="current"><button>Sign in</button></form>`),
  page("beside a search", ["signIn"], `<header><input name="q" placeholder="Search"></header><main><input name="email" is-="user"><input type="password" is-="current"><button>Log in</button></main>`),
  page("two forms: signing in and signing up", ["signIn", "signUp"], `<form id="login"><input name="email" is-="user"><input type="password" is-="current"><button>Log in</button></form><form id="register"><input name="email" is-="1.user"><input type="password" is-="1.new"><button>Register</button></form>`),
  page("two tabs of which one is open", ["signIn"], `<form><input name="email" is-="user"><input type="password" is-="current"><button>Log in</button></form><form style="display:none"><input name="email"><input type="password"><input type="password"><button>Register</button></form>`),
  page("open shadow roots, one for each field", ["signIn"], `<form><x-field>${inShadow(`<label>Username <input is-="user"></label>`)}</x-field><x-field>${inShadow(`<label>Password <input type="password" is-="current"></label>`)}</x-field><button>Sign in</button></form>`),
  page("open shadow roots within another", ["signIn"], `<x-app>${inShadow(`<x-login>${inShadow(`<form><input name="user" is-="user"><input type="password" is-="current"><button>Sign in</button></form>`)}</x-login>`)}</x-app>`),
  page("a dialog", ["signIn"], `<dialog open aria-label="Sign in"><input type="email" is-="user"><input type="password" is-="current"><button>Continue</button></dialog>`),
  page("German", ["signIn"], `<form><label>Benutzername <input name="a" is-="user"></label><label>Kennwort <input type="password" name="b" is-="current"></label><button>Anmelden</button></form>`),
  page("French", ["signIn"], `<form><label>Identifiant <input name="a" is-="user"></label><label>Mot de passe <input type="password" name="b" is-="current"></label><button>Se connecter</button></form>`),
  page("Japanese", ["signIn"], `<form><label>ユーザー名 <input name="a" is-="user"></label><label>パスワード <input type="password" name="b" is-="current"></label><button>ログイン</button></form>`),
  page("passkeys at the name", ["signIn"], `<form><input autocomplete="username webauthn" is-="user"><input type="password" autocomplete="current-password webauthn" is-="current"><button>Sign in</button></form>`),

  // The first of several steps.
  page("who it is, by the standard's word", ["identify"], `<form><input type="email" autocomplete="username" is-="user"><button>Next</button></form>`),
  page("who it is, by a heading", ["identify"], `<form><h1>Sign in</h1><label>Email or phone <input type="email" name="identifier" is-="user"></label><button>Next</button></form>`),
  page("who it is, in German", ["identify"], `<h1>Anmelden</h1><form><label>E-Mail-Adresse <input name="mail" is-="user"></label><button>Weiter</button></form>`),

  // Signing up.
  page("the standard's words for a new one", ["signUp"], `<form><input type="email" autocomplete="email" is-="user"><input type="password" autocomplete="new-password" is-="new"><button>Continue</button></form>`),
  page("twice the new one", ["signUp"], `<form><input name="email" is-="user"><input type="password" name="password" is-="new"><input type="password" name="password_confirmation" is-="confirm"><button>Create account</button></form>`),
  page("twice, and both by the standard's word", ["signUp"], `<form><input autocomplete="username" is-="user"><input type="password" autocomplete="new-password" is-="new"><input type="password" autocomplete="new-password" is-="confirm"><button>Go</button></form>`),
  page("a name beside an address", ["signUp"], `<form><input name="first_name"><input name="last_name"><input type="email" name="email"><input name="username" is-="user"><input type="password" name="password" is-="new"><button>Sign up</button></form>`),
  page("names, and a heading that says it", ["signUp"], `<h2>Neues Konto</h2><form><label>Vorname <input name="a"></label><label>Nachname <input name="b"></label><label>E-Mail <input type="email" name="c" is-="user"></label><label>Passwort <input type="password" name="d" is-="new"></label><label>Passwort wiederholen <input type="password" name="e" is-="confirm"></label><button>Weiter</button></form>`),
  page("the address twice", ["signUp"], `<form><input type="email" name="email" is-="user"><input type="email" name="email_confirm"><input type="password" name="pass1" is-="new"><input type="password" name="pass2" is-="confirm"><button>Register</button></form>`),

  // Changing.
  page("old, new, again", ["change"], `<form><input type="password" name="old_password" is-="current"><input type="password" name="new_password" is-="new"><input type="password" name="confirm_password" is-="confirm"><button>Change password</button></form>`),
  page("three that say nothing", ["change"], `<form><input type="password" is-="current"><input type="password" is-="new"><input type="password" is-="confirm"><button>Save</button></form>`),
  page("the standard's words, with a hidden name", ["change"], `<form><input autocomplete="username" value="ada" hidden is-="known"><input type="password" autocomplete="current-password" is-="current"><input type="password" autocomplete="new-password" is-="new"><button>Update</button></form>`),
  page("German, the new one first", ["change"], `<form><label>Neues Passwort <input type="password" is-="new"></label><label>Neues Passwort bestätigen <input type="password" is-="confirm"></label><label>Aktuelles Passwort <input type="password" is-="current"></label><button>Speichern</button></form>`),
  page("camel case", ["change"], `<form><input type="password" name="currentPassword" is-="current"><input type="password" name="newPassword" is-="new"><input type="password" name="newPasswordAgain" is-="confirm"><button>OK</button></form>`),
  page("a forgotten one", ["reset"], `<form><h1>Choose a new password</h1><input type="password" is-="new"><input type="password" is-="confirm"><button>Reset</button></form>`),
  page("a forgotten one, once", ["reset"], `<form><label>New password <input type="password" is-="new"></label><button>Reset</button></form>`),

  // One-time codes.
  page("a code by the standard's word", ["code"], `<form><input autocomplete="one-time-code" is-="code"><button>Verify</button></form>`),
  page("a code by its label", ["code"], `<form><label>Verification code <input name="x" maxlength="6" is-="code"></label><button>Continue</button></form>`),
  page("a code typed like a password", ["code"], `<form><label>Authenticator code <input type="password" name="x" is-="code"></label><button>Continue</button></form>`),
  page("a box for each digit", ["code"], `<form>${Array.from({ length: 6 }, (_, at) => `<input maxlength="1" inputmode="numeric" aria-label="Digit ${at + 1}" is-="code">`).join("")}<button>Verify</button></form>`),
  page("boxes outside of a form", ["code"], `<div>${Array.from({ length: 4 }, () => `<div><input type="tel" maxlength="1" is-="code"></div>`).join("")}</div>`),
  page("a code in German", ["code"], `<form><label>Bestätigungscode <input name="x" inputmode="numeric" is-="code"></label><button>Weiter</button></form>`),

  // None of it.
  page("a search", [], `<form role="search"><input name="q" placeholder="Search"><button>Go</button></form>`),
  page("a search for people", [], `<form><input name="user_search" placeholder="Search users"><button>Search</button></form>`),
  page("a letter of news", [], `<form><h3>Newsletter</h3><input type="email" name="email"><button>Subscribe</button></form>`),
  page("a message", [], `<form><input name="name"><input type="email" name="email"><input name="subject"><textarea></textarea><button>Send</button></form>`),
  page("a card", [], `<form><label>Card number <input name="cardnumber" autocomplete="cc-number"></label><label>Expiry <input autocomplete="cc-exp"></label><label>Security code <input type="password" name="cvc" autocomplete="cc-csc"></label><button>Pay</button></form>`),
  page("a card without the standard's words", [], `<form><label>Kreditkartennummer <input name="n1"></label><label>Prüfziffer <input type="password" name="n2" maxlength="3"></label><button>Bezahlen</button></form>`),
  page("an address", [], `<form><input name="firstname"><input name="street"><input name="zip" maxlength="5" inputmode="numeric"><input name="city"><button>Continue</button></form>`),
  page("a voucher", [], `<form><label>Coupon code <input name="coupon_code" maxlength="8"></label><button>Apply</button></form>`),
  page("a form that nobody sees", [], `<div style="display:none"><form><input name="user"><input type="password"><button>Sign in</button></form></div>`),
  page("a form that may not be filled in", [], `<form><fieldset disabled><input name="user"><input type="password"><button>Sign in</button></fieldset></form>`),
].map((shape) => ({ ...shape, html: shape.html.replaceAll("is-=", "data-is=") }));
