import { expect, it } from "vitest";
import { CODE, CONFIRM, CURRENT, fold, NEW, NO_CODE, PASSWORD, SIGN_IN, SIGN_UP, USER } from "./words.ts";

it.each([
  ["newPassword2Again", "new password2 again"],
  ["Contraseña", "contrasena"],
  ["user_name[0]", "user name 0"],
])("%s is read as %s", (text, folded) => {
  expect(fold(text)).toBe(folded);
});

it.each([
  { words: PASSWORD, texts: ["Passwort", "Contraseña", "パスワード", "Hasło", "Пароль", "user_pwd"] },
  { words: CONFIRM, texts: ["Passwort bestätigen", "Répéter", "パスワード（確認）", "reTypePassword"] },
  { words: NEW, texts: ["Neues Passwort", "newPassword", "Nueva contraseña", "新しいパスワード"] },
  { words: CURRENT, texts: ["Aktuelles Passwort", "old_password", "Mot de passe actuel", "現在のパスワード"] },
  { words: USER, texts: ["Benutzername", "Identifiant", "логин", "ユーザー名"] },
  { words: CODE, texts: ["Código de verificación", "Bestätigungscode", "認証コード", "mfaToken 2FA"] },
  { words: NO_CODE, texts: ["ZIP code", "Postleitzahl", "Gutscheincode"] },
  { words: SIGN_IN, texts: ["Log in", "Anmelden", "Iniciar sesión", "Přihlásit se", "ログイン"] },
  { words: SIGN_UP, texts: ["Sign up", "Créer un compte", "Zarejestruj się", "新規登録"] },
])("the words of $texts are known", ({ words, texts }) => {
  for (const text of texts) expect(words.test(fold(text)), text).toBe(true);
});

it.each([
  { words: NEW, texts: ["renew", "newsletter"] },
  { words: SIGN_UP, texts: ["Sign in"] },
  { words: PASSWORD, texts: ["passport number", "compass"] },
])("$texts say something else", ({ words, texts }) => {
  for (const text of texts) expect(words.test(fold(text)), text).toBe(false);
});
