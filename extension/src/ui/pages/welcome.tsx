import { useEffect, useState } from "preact/hooks";
import { failureOf } from "../../core/error.ts";
import type { EmojiChoice, PairingEnd, RecoverySurvey } from "../../core/messages.ts";
import { core } from "../ask.ts";
import { pairingEnd } from "../pairing.ts";
import { useTask } from "../hooks.ts";
import { show } from "../show.tsx";
import { WelcomeView, type Step } from "../views/WelcomeView.tsx";

const POLL_MS = 700;
/** A worker that nobody asks anything dies, and a recovery with it. */
const AWAKE_MS = 10_000;

function Welcome() {
  const [step, setStep] = useState<Step>("choose");
  const [emoji, setEmoji] = useState<EmojiChoice>();
  const [ended, setEnded] = useState<PairingEnd>();
  const [invited, setInvited] = useState(false);
  const [survey, setSurvey] = useState<RecoverySurvey>();
  const [othersRevoked, setOthersRevoked] = useState(false);
  const { busy, wrong, run, clear } = useTask();
  const go = (next: Step) => {
    clear();
    setStep(next);
  };

  useEffect(() => {
    if (step !== "survey") return;
    const timer = setInterval(() => void core({ type: "state" }), AWAKE_MS);
    return () => clearInterval(timer);
  }, [step]);

  useEffect(() => {
    void core({ type: "state" }).then(({ phase }) => {
      if (phase !== "empty") setStep("done");
    });
  }, []);

  const joining = step === "checking" || step === "emoji";
  useEffect(() => {
    if (!joining) return;
    const poll = async () => {
      const join = await core({ type: "joinPoll" });
      if (join.stage === "confirm") {
        setEmoji(join.emoji);
        setStep("emoji");
      } else if (join.stage === "done") setStep("done");
      else if (join.stage === "failed") {
        setEnded(join.reason);
        setStep("join");
      } else if (join.stage === "idle") setStep("join");
    };
    const timer = setInterval(() => void poll(), POLL_MS);
    return () => clearInterval(timer);
  }, [joining]);

  return (
    <WelcomeView
      step={step}
      busy={busy}
      wrong={wrong ?? (ended && pairingEnd(ended))}
      invited={invited && step === "create"}
      emoji={emoji}
      onStep={go}
      onCreate={async ({ server, passphrase, deviceName, invitation }) => {
        const create = async () => {
          try {
            await core({ type: "create", server, passphrase, deviceName, invitation });
          } catch (error) {
            if (failureOf(error).code === "asksForInvitation") setInvited(true);
            throw error;
          }
        };
        if (await run(create)) setStep("done");
      }}
      onJoin={async ({ code, server, passphrase, deviceName }) => {
        setEnded(undefined);
        if (await run(() => core({ type: "joinStart", code, server, passphrase, deviceName }))) setStep("checking");
      }}
      onCancelJoin={async () => {
        await run(() => core({ type: "joinCancel" }));
        setStep("join");
      }}
      onSettings={() => location.assign("settings.html")}
      onKit={() => location.assign("kit.html")}
      survey={survey}
      othersRevoked={othersRevoked}
      onRecoverStart={async (kit) => {
        if (await run(async () => setSurvey(await core({ type: "recoverStart", kit })))) go("survey");
      }}
      onRecoverFinish={async (passphrase, deviceName) => {
        if (await run(() => core({ type: "recoverFinish", passphrase, deviceName }))) go("recovered");
      }}
      onRecoverCancel={async () => {
        await run(() => core({ type: "recoverCancel" }));
        go("recover");
      }}
      onRevokeOthers={async () => {
        if (await run(() => core({ type: "revokeOthers" }))) setOthersRevoked(true);
      }}
    />
  );
}

void show(<Welcome />);
