import { useId } from "preact/hooks";
import type { GeneratedPassword } from "../../core/messages.ts";
import { Button, IconButton } from "../components/basic.tsx";
import { Segments } from "../components/fields.tsx";
import { ago, count, t, tn } from "../t.ts";

/** What a person wants made up. */
export interface Recipe {
  kind: "password" | "words";
  length: number;
  words: number;
}

export interface Generator {
  recipe: Recipe;
  /** Absent until it is made. */
  made: string | undefined;
  copied: boolean;
  onRecipe: (recipe: Recipe) => unknown;
  onAgain: () => unknown;
  onCopy: () => unknown;
  /** Made before, and in no login yet. */
  lately: GeneratedPassword[];
  onCopyAgain: (password: string) => unknown;
  /** Absent where the page has no place for a new password. */
  onFill?: (() => unknown) | undefined;
}

export function GeneratorView({ recipe, made, copied, onRecipe, onAgain, onCopy, onFill, lately, onCopyAgain }: Generator) {
  const id = useId();
  const words = recipe.kind === "words";
  const [least, most] = words ? [3, 10] : [8, 64];
  const value = words ? recipe.words : recipe.length;
  return (
    <section class="stack" aria-label={t("generatorTitle")}>
      <output class="code made" data-testid="made">
        {made}
      </output>
      <div>
        <Segments label={t("generatorKind")} value={recipe.kind} onChange={(kind) => onRecipe({ ...recipe, kind })} options={[["password", t("password")], ["words", t("passphrase")]]} />
      </div>
      <div class="field">
        <label for={id}>{words ? tn("words", value) : tn("letters", value)}</label>
        <input id={id} type="range" min={least} max={most} value={value} aria-valuetext={count(value)} data-testid="length" onInput={(event) => onRecipe({ ...recipe, [words ? "words" : "length"]: Number(event.currentTarget.value) })} />
      </div>
      <div class="row fold">
        {onFill !== undefined && (
          <Button kind="primary" icon="edit" onClick={onFill} testId="made-fill">
            {t("fill")}
          </Button>
        )}
        <Button {...(onFill === undefined ? { kind: "primary" } : {})} icon={copied ? "check" : "copy"} onClick={onCopy} testId="made-copy">
          {t(copied ? "copied" : "copy")}
        </Button>
        <Button icon="sync" onClick={onAgain} testId="made-again">
          {t("generatorAgain")}
        </Button>
      </div>
      {lately.length > 0 && (
        <details class="stack-s">
          <summary>{t("generatorLately")}</summary>
          <ul class="card rows">
            {lately.map(({ password, site, at }) => (
              <li class="line" key={password} data-testid="made-lately">
                <span class="grow">
                  <span class="mono cut block">{password}</span>
                  <span class="small soft cut block">
                    {site !== "" && <bdi>{site} · </bdi>}
                    {ago(at)}
                  </span>
                </span>
                <IconButton label={t("copyPassword")} icon="copy" onClick={() => onCopyAgain(password)} testId="made-lately-copy" />
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
