/**
 * The words by which fields and buttons say what they are for, in the languages of most of the web. They are compared without
 * case and accents, as beginnings or parts of words: `pass` is in "Passwort", `iniciar sesion` in "Iniciar sesión".
 */

/** Without case, accents and the joints of names such as `newPassword` or `user_name`. */
export function fold(text: string): string {
  const apart = text.replace(/(\p{Ll}|\p{Nd})(\p{Lu})/gu, "$1 $2").replace(/[_\-.:[\]/]+/g, " ");
  const lower = apart.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return lower.replace(/[łøßı]/g, (letter) => PLAIN[letter] ?? letter).replace(/\s+/g, " ").trim();
}

/** Letters that are no letter with an accent. */
const PLAIN: Record<string, string> = { ł: "l", ø: "o", ß: "ss", ı: "i" };

const any = (...words: string[]) => new RegExp(words.map((word) => word.normalize("NFKD").replace(/\p{M}/gu, "")).join("|"), "u");

export const PASSWORD = any("pass ?wor[dt]", "passwd", "\\bpwd\\b", "\\bpass\\b", "kennwort", "mot de passe", "\\bmdp\\b", "contrasena", "\\bclave\\b", "senha", "palavra passe", "wachtwoord", "haslo", "heslo", "losenord", "adgangskode", "salasana", "parola", "sifre", "пароль", "密码", "密碼", "パスワード", "비밀번호");
export const CONFIRM = any("confirm", "repeat", "re ?type", "re ?enter", "again", "verify", "wiederhol", "bestatig", "nochmal", "repet", "repit", "ripet", "herhaal", "bevestig", "powtorz", "potwierd", "zopakuj", "upprepa", "gentag", "tekrar", "повтор", "подтверд", "再入力", "再次", "重复", "重複", "確認", "确认", "확인");
export const NEW = any("\\bnew\\b", "\\bneue?[sn]?\\b", "nouve", "\\bnuev", "\\bnuov", "\\bnov[ao]\\b", "nieuw", "\\bnowe?\\b", "\\bny(tt)?\\b", "\\byeni\\b", "новы", "新", "새");
export const CURRENT = any("current", "\\bold\\b", "existing", "previous", "aktuell", "\\balte[sn]?\\b", "bisherig", "derzeitig", "actuel", "ancien", "\\bactual\\b", "\\banterior\\b", "attuale", "vecchi", "\\batual\\b", "huidig", "\\boude?\\b", "obecne", "stare?\\b", "nuvarande", "mevcut", "текущ", "старый", "当前", "當前", "旧", "舊", "現在", "현재");

export const USER = any("user", "login", "log in", "sign ?in", "member", "account", "\\buid\\b", "nick", "benutzer", "nutzer", "anmelde", "kennung", "kundennummer", "identifiant", "utilisateur", "usuario", "usuari", "utente", "utilizador", "gebruiker", "uzytkownik", "uzivatel", "anvandar", "bruger", "kayttaja", "kullanici", "логин", "пользовател", "用户", "用戶", "账号", "帳號", "ユーザ", "アカウント", "사용자", "아이디");
export const EMAIL = any("e ?mail", "courriel", "correo", "correio", "posta elettronica", "почт", "邮箱", "郵箱", "メール", "이메일");
export const PHONE = any("phone", "mobile", "telefon", "handy", "telephone", "celular", "movil", "cellulare", "\\btel\\b", "телефон", "手机", "手機", "電話", "전화");

export const CODE = any("\\botp\\b", "\\btotp\\b", "2 ?fa", "\\bmfa\\b", "two ?factor", "one ?time", "verification code", "verify code", "confirmation code", "security code", "auth(entication|enticator)? code", "login code", "passcode", "einmal", "bestatigungs ?code", "sicherheits ?code", "verifizierungs", "code de (verification|securite|confirmation)", "codigo de (verificacion|verificacao|seguridad|seguranca|confirmacion)", "codice di (verifica|sicurezza)", "verificatie ?code", "kod weryfik", "overovaci", "dogrulama", "код подтверждения", "код из", "验证码", "驗證碼", "認証コード", "確認コード", "인증");
/** Says little by itself: also a voucher is one. */
export const CODE_ALONE = any("\\bcode\\b", "\\bpin\\b", "\\btoken\\b", "\\bkod\\b", "\\bcodigo\\b", "\\bcodice\\b", "код", "コード");
export const NO_CODE = any("zip", "post", "plz", "promo", "coupon", "voucher", "discount", "gutschein", "rabatt", "remise", "gift", "country", "lander", "area", "vorwahl", "bank", "\\bbic\\b", "tax", "referral", "invit", "captcha", "qr");

export const CARD_NUMBER = any("card ?num", "\\bcc ?num", "credit ?card", "debit ?card", "karten ?nummer", "kreditkarte", "numero de (la )?carte", "numero de (la )?tarjeta", "numero (della )?carta", "kaartnummer", "номер карты", "卡号", "カード番号", "카드");
export const CARD_CHECK = any("\\bcv[vc]2?\\b", "\\bcsc\\b", "card ?(verification|security)", "prufziffer", "prufnummer", "kartenprufnummer", "cryptogramme", "codigo de seguridad de la tarjeta", "セキュリティコード");

/** What is neither a user name nor a code, whatever stands around it. */
export const OTHER = any("captcha", "first ?name", "last ?name", "given ?name", "family ?name", "full ?name", "middle ?name", "sur ?name", "vorname", "nachname", "prenom", "nom de famille", "\\bnombre\\b(?! de usuario)", "apellido", "cognome", "sobrenome", "street", "strasse", "address ?(line)?\\d?$", "\\bcity\\b", "\\bort\\b", "\\bville\\b", "ciudad", "\\bzip\\b", "postal", "\\bplz\\b", "birth", "geburt", "naissance", "nacimiento", "company", "firma", "\\burl\\b", "website", "subject", "betreff", "message", "nachricht", "comment", "kommentar", "coupon", "gutschein", "promo", "answer", "antwort", "pet", "mother", "quantity", "menge", "amount", "betrag");
/** A trap for programs says to people that it is none. */
export const TRAP = any("leave (this|it)? ?(field)? ?(blank|empty)", "leave blank", "do not fill", "don'?t fill", "leer lassen", "nicht ausfullen", "ne pas remplir", "laisser vide", "dejar en blanco", "honeypot", "if you are human");

export const SEARCH = any("search", "such(e|en|begriff)\\b", "recherch", "buscar", "cerca\\b", "zoek", "szukaj", "поиск", "搜索", "検索", "검색", "^q$", "^query$");
export const SIGN_IN = any("log ?in", "log ?on", "sign ?in", "sign ?on", "anmelden", "einloggen", "anmeldung", "connexion", "se connecter", "connectez", "iniciar sesion", "acceder", "ingresar", "accedi", "entrar", "inloggen", "aanmelden", "zaloguj", "prihlasit", "logga in", "log ind", "kirjaudu", "giris", "войти", "вход", "登录", "登錄", "登入", "ログイン", "サインイン", "로그인");
export const NEXT = any("\\bnext\\b", "continue", "weiter", "suivant", "continuer", "siguiente", "continuar", "avanti", "continua", "volgende", "verder", "dalej", "dalsi", "nasta", "devam", "далее", "продолжить", "下一步", "继续", "次へ", "続行", "다음", "계속");
export const SIGN_UP = any("sign ?up", "register", "registr", "create (an |your |my )?(new )?account", "join (now|us|free)", "get started", "konto (erstellen|anlegen|eroffnen)", "neues konto", "inscri", "creer (un |mon )?compte", "crear (una )?cuenta", "crea (un )?account", "criar (uma )?conta", "cadastr", "account (aanmaken|maken)", "zarejestruj", "zaloz konto", "skapa konto", "opret", "luo tili", "kayit ol", "uye ol", "регистрац", "зарегистр", "创建账", "注册", "註冊", "新規登録", "会員登録", "회원가입", "가입");
export const NEWSLETTER = any("newsletter", "subscrib", "abonn", "suscri", "iscriviti", "notify me", "benachrichtig", "keep me (posted|updated)", "waitlist");
/** Buttons beside the one that sends a form off. */
export const ASIDE = any("cancel", "\\bback\\b", "close", "forgot", "\\bshow\\b", "\\bhide\\b", "clear", "help", "generate", "abbrechen", "zuruck", "schliessen", "vergessen", "anzeigen", "einblenden", "ausblenden", "hilfe", "annuler", "retour", "fermer", "oubli", "afficher", "masquer", "cancelar", "volver", "cerrar", "olvid", "mostrar", "ocultar", "annulla", "chiudi", "dimentic", "mostra", "nascondi", "отмена", "показать", "取消", "キャンセル", "戻る");
