/** Labelled inputs on native elements. */

import { useId, useState } from "preact/hooks";
import { strength } from "../strength.ts";
import { t } from "../t.ts";
import { Icon } from "./Icon.tsx";

interface FieldProps {
  label: string;
  value: string;
  onInput: (value: string) => void;
  hint?: string;
  wrong?: string | undefined;
  placeholder?: string;
  autocomplete?: string;
  autofocus?: boolean;
  testId?: string;
  type?: "text" | "url" | "password";
  spellcheck?: boolean;
}

export function TextField({ label, hint, wrong, ...input }: FieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <Input id={id} {...input} wrong={wrong} described={hint !== undefined || wrong !== undefined} />
      <Described id={id} hint={hint} wrong={wrong} />
    </div>
  );
}

export function PassphraseField({ label, hint, wrong, ...input }: FieldProps) {
  const id = useId();
  const [shown, setShown] = useState(false);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="with-button">
        <Input id={id} {...input} wrong={wrong} type={shown ? "text" : "password"} described={hint !== undefined || wrong !== undefined} />
        <button type="button" class="button quiet" aria-pressed={shown} aria-label={t("showPassphrase")} onClick={() => setShown(!shown)}>
          <Icon name={shown ? "eyeOff" : "eye"} />
        </button>
      </div>
      <Described id={id} hint={hint} wrong={wrong} />
    </div>
  );
}

type InputProps = Omit<FieldProps, "label" | "hint"> & { id: string; described: boolean };

function Input({ id, value, onInput, wrong, placeholder, autocomplete = "off", autofocus, testId, type = "text", described }: InputProps) {
  const common = {
    id,
    class: "input",
    value,
    placeholder,
    autocomplete,
    // A dialog gives the focus to the first field that asks for it.
    autofocus: autofocus === true,
    spellcheck: false,
    autocapitalize: "off",
    "data-testid": testId,
    "aria-invalid": wrong !== undefined,
    "aria-describedby": described ? `${id}-about` : undefined,
    onInput: (event: { currentTarget: HTMLInputElement }) => onInput(event.currentTarget.value),
    ref: (element: HTMLInputElement | null) => {
      if (autofocus && element && !element.dataset["focused"]) {
        element.dataset["focused"] = "yes";
        element.focus();
      }
    },
  } as const;
  switch (type) {
    case "password":
      return <input type="password" {...common} />;
    case "url":
      return <input type="url" {...common} />;
    case "text":
      return <input type="text" {...common} />;
  }
}

function Described({ id, hint, wrong }: { id: string; hint: string | undefined; wrong: string | undefined }) {
  if (wrong !== undefined) {
    return (
      <div class="wrong" id={`${id}-about`} role="alert">
        {wrong}
      </div>
    );
  }
  return hint === undefined ? null : (
    <div class="hint" id={`${id}-about`}>
      {hint}
    </div>
  );
}

export function TextArea({ label, value, hint, onInput, testId }: Pick<FieldProps, "label" | "value" | "hint" | "onInput" | "testId">) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea id={id} class="input" rows={3} value={value} aria-describedby={hint === undefined ? undefined : `${id}-about`} onInput={(event) => onInput(event.currentTarget.value)} data-testid={testId} />
      <Described id={id} hint={hint} wrong={undefined} />
    </div>
  );
}

interface NewPasswordProps extends FieldProps {
  /** Makes one up. */
  onGenerate: () => Promise<string>;
}

/** A password for a site, which nobody needs to think up. */
export function NewPassword({ onGenerate, ...field }: NewPasswordProps) {
  return (
    <div class="stack-s">
      <PassphraseField {...field} autocomplete="new-password" />
      <div>
        <button type="button" class="link" onClick={() => void onGenerate().then(field.onInput)} data-testid="generate">
          {t("generate")}
        </button>
      </div>
    </div>
  );
}

const WORDS = ["strength0", "strength1", "strength2", "strength3", "strength4"] as const;

export function StrengthMeter({ passphrase }: { passphrase: string }) {
  const score = strength(passphrase);
  return (
    <div class="stack-s">
      <div class="meter" data-score={score} aria-hidden="true">
        <span />
        <span />
        <span />
        <span />
      </div>
      <div class="small soft" role="status">
        {t(WORDS[score])}
      </div>
    </div>
  );
}

interface PairProps {
  /** What to call it, where another passphrase is asked for too. */
  label?: string;
  /** What it is for, where that is not this browser. */
  hint?: string;
  passphrase: string;
  again: string;
  onPassphrase: (value: string) => void;
  onAgain: (value: string) => void;
}

/** A new passphrase, typed twice. */
export function NewPassphrase({ label = t("passphrase"), hint = t("passphraseHint"), passphrase, again, onPassphrase, onAgain }: PairProps) {
  const differs = again !== "" && again !== passphrase;
  return (
    <>
      <PassphraseField label={label} hint={hint} value={passphrase} onInput={onPassphrase} autocomplete="new-password" testId="passphrase" />
      <StrengthMeter passphrase={passphrase} />
      <PassphraseField label={t("passphraseAgain")} value={again} onInput={onAgain} wrong={differs ? t("passphrasesDiffer") : undefined} autocomplete="new-password" testId="passphrase-again" />
    </>
  );
}

interface SegmentsProps<T> {
  label: string;
  /** Absent until the person chose. */
  value: T | undefined;
  /** A value, what it is called, and how many there are of it. */
  options: readonly (readonly [T, string, (string | undefined)?])[];
  onChange: (value: T) => void;
}

export function Segments<T extends string>({ label, value, options, onChange }: SegmentsProps<T>) {
  const name = useId();
  return (
    <fieldset class="segments" aria-label={label}>
      {options.map(([each, text, number]) => (
        <label key={each}>
          <input type="radio" name={name} checked={each === value} onChange={() => onChange(each)} />
          {text}
          {number !== undefined && <span class="number"> {number}</span>}
        </label>
      ))}
    </fieldset>
  );
}
