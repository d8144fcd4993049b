import { useCallback, useState } from "preact/hooks";
import { core } from "./ask.ts";
import type { Generator, Recipe } from "./views/GeneratorView.tsx";

const USUAL: Recipe = { kind: "password", length: 20, words: 6 };

/** A generator that can be opened and closed; what it made is forgotten when it closes. */
export function useGenerator(): { generator: Generator | undefined; toggle: (open: boolean) => void } {
  const [open, setOpen] = useState(false);
  const [recipe, setRecipe] = useState(USUAL);
  const [made, setMade] = useState<string>();
  const [copied, setCopied] = useState(false);
  const make = useCallback(async ({ kind, length, words }: Recipe) => {
    setCopied(false);
    setMade((await core({ type: "generate", ...(kind === "words" ? { words } : { length }) })).password);
  }, []);
  const toggle = useCallback(
    (to: boolean) => {
      setOpen(to);
      setMade(undefined);
      if (to) void make(recipe);
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
    onCopy: () => navigator.clipboard.writeText(made ?? "").then(() => setCopied(true)),
  };
  return { generator: open ? generator : undefined, toggle };
}
