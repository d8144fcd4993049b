import { useEffect, useState } from "preact/hooks";
import type { PairPoll } from "../../core/messages.ts";
import { core } from "../ask.ts";
import { useTask } from "../hooks.ts";
import { PairDialog } from "../views/PairDialog.tsx";

const POLL_MS = 700;

export function Pairing({ onClose }: { onClose: () => void }) {
  const [code, setCode] = useState<string>();
  const [poll, setPoll] = useState<PairPoll>({ stage: "waiting" });
  const { wrong, run } = useTask();
  const over = poll.stage === "done" || poll.stage === "failed";

  const start = () => {
    setCode(undefined);
    setPoll({ stage: "waiting" });
    void run(async () => setCode((await core({ type: "pairStart" })).code));
  };
  useEffect(start, []);
  useEffect(() => {
    if (code === undefined || over) return;
    // What a lost answer would have said, the next one says.
    const timer = setInterval(() => void core({ type: "pairPoll" }).then(setPoll, () => undefined), POLL_MS);
    return () => clearInterval(timer);
  }, [code, over]);

  const close = () => {
    if (!over) void core({ type: "pairCancel" }).catch(() => undefined);
    onClose();
  };
  return <PairDialog code={code} poll={poll} wrong={wrong} onConfirm={(emoji) => run(() => core({ type: "pairConfirm", emoji }))} onAgain={start} onClose={close} />;
}
