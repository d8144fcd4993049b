import { useId } from "preact/hooks";
import { Button } from "../components/basic.tsx";
import { Segments } from "../components/fields.tsx";
import { count, t, tn } from "../t.ts";

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
}

export function GeneratorView({ recipe, made, copied, onRecipe, onAgain, onCopy }: Generator) {
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
      <div class="row">
        <Button kind="primary" icon={copied ? "check" : "copy"} onClick={onCopy} testId="made-copy">
          {t(copied ? "copied" : "copy")}
        </Button>
        <Button icon="sync" onClick={onAgain} testId="made-again">
          {t("generatorAgain")}
        </Button>
      </div>
    </section>
  );
}
