import { useState } from "preact/hooks";
import type { EmojiChoice, PairPoll } from "../../core/messages.ts";
import { Button, Busy, Notice } from "../components/basic.tsx";
import { Dialog } from "../components/Dialog.tsx";
import { pairingEnd } from "../pairing.ts";
import { t } from "../t.ts";

interface Props {
  code: string | undefined;
  poll: PairPoll;
  wrong: string | undefined;
  onConfirm: (emoji: string) => unknown;
  onAgain: () => unknown;
  onClose: () => void;
}

export function PairDialog({ code, poll, wrong, onConfirm, onAgain, onClose }: Props) {
  return (
    <Dialog title={t("addDevice")} onClose={onClose}>
      {wrong !== undefined && <Notice kind="bad">{wrong}</Notice>}
      <Stage code={code} poll={poll} onConfirm={onConfirm} />
      <div class="dialog-actions">
        {(poll.stage === "failed" || wrong !== undefined) && <Button onClick={onAgain}>{t("newCode")}</Button>}
        <Button kind={poll.stage === "done" ? "primary" : ""} onClick={onClose} testId="pair-close">
          {t(poll.stage === "done" ? "close" : "cancel")}
        </Button>
      </div>
    </Dialog>
  );
}

function Stage({ code, poll, onConfirm }: Pick<Props, "code" | "poll" | "onConfirm">) {
  switch (poll.stage) {
    case "idle":
    case "waiting":
      return code === undefined ? <Busy /> : <ShowCode code={code} />;
    case "confirm":
      return <Confirm platform={poll.platform} name={poll.name} choices={poll.choices} onConfirm={onConfirm} />;
    case "admitting":
      return <Waiting text={t("pairAdmitting")} />;
    case "done":
      return <Notice kind="good">{t("pairDone")}</Notice>;
    case "failed":
      return <Notice kind="bad">{pairingEnd(poll.reason)}</Notice>;
  }
}

function ShowCode({ code }: { code: string }) {
  return (
    <>
      <p>{t("pairLead")}</p>
      <div class="code" dir="ltr" data-testid="pair-code">
        {code}
      </div>
      <Waiting text={t("pairWaiting")} />
    </>
  );
}

function Waiting({ text }: { text: string }) {
  return (
    <div class="row soft small">
      <Busy />
      {text}
    </div>
  );
}

function Confirm({ platform, name, choices, onConfirm }: { platform: string; name: string; choices: EmojiChoice[]; onConfirm: (emoji: string) => unknown }) {
  const [emoji, setEmoji] = useState<string>();
  const [held, setHeld] = useState(false);
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (emoji !== undefined) void onConfirm(emoji);
      }}
    >
      <p>{t("pairConfirm", name, platform)}</p>
      <fieldset class="emoji-choices" aria-label={t("pairPick")}>
        {choices.map((each) => (
          <label class="emoji-choice" key={each.emoji} data-emoji={each.emoji}>
            <input type="radio" name="emoji" aria-label={each.name} checked={each.emoji === emoji} onChange={() => setEmoji(each.emoji)} />
            <span aria-hidden="true">{each.emoji}</span>
          </label>
        ))}
      </fieldset>
      <label class="check">
        <input type="checkbox" checked={held} onChange={() => setHeld(!held)} data-testid="held" />
        <span>{t("pairHeld")}</span>
      </label>
      <Button kind="primary" type="submit" disabled={emoji === undefined || !held} testId="pair-confirm">
        {t("pairAdmit")}
      </Button>
    </form>
  );
}
