import { useCallback, useState } from "preact/hooks";
import type { GeneratedPassword } from "../core/messages.ts";
import { core } from "./ask.ts";
import type { Generator, Recipe } from "./views/GeneratorView.tsx";

const USUAL: Recipe = { kind: "password", length: 20, words: 6 };

/** For which page a password is made up. */
export interface For {
  site: string | undefined;
  /** What the site wants of it. */
  rules: string | undefined;
  /** Absent where the page has no place for it. */
  onFill: ((made: string) => unknown) | undefined;
}

/** A generator that can be opened and closed. What it made is kept once it is used, until a login has it. */
export function useGenerator({ site, rules, onFill }: For): { generator: Generator | undefined; toggle: (open: boolean) => void } {
  const [open, setOpen] = useState(false);
  const [recipe, setRecipe] = useState(USUAL);
  const [made, setMade] = useState<string>();
  const [copied, setCopied] = useState(false);
  const [lately, setLately] = useState<GeneratedPassword[]>([]);
  const make = useCallback(async ({ kind, length, words }: Recipe) => {
    setCopied(false);
    setMade((await core({ type: "generate", ...(kind === "words" ? { words } : { length, ...(rules === undefined ? {} : { rules }) }) })).password);
  }, [rules]);
  const look = () => core({ type: "generatedLately" }).then(({ passwords }) => setLately(passwords), () => undefined);
  const toggle = useCallback(
    (to: boolean) => {
      setOpen(to);
      setMade(undefined);
      if (to) void Promise.all([make(recipe), look()]);
    },
    [make, recipe],
  );
  const generator: Generator = {
    recipe,
    made,
    copied,
    onRecipe: (next) => {
      setRecipe(next);
      return make(next);
    },
    onAgain: () => make(recipe),
    onCopy: async () => {
      await core({ type: "keepGenerated", password: made ?? "", site: site ?? "" });
      await navigator.clipboard.writeText(made ?? "");
      setCopied(true);
    },
    lately,
    onCopyAgain: (password) => navigator.clipboard.writeText(password),
    onFill: onFill && (() => onFill(made ?? "")),
  };
  return { generator: open ? generator : undefined, toggle };
}
