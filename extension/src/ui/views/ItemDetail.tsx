/** What the kind of an item adds to its facts. Secrets are shown when asked for. */

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { FieldView, Item, OneTimeCode, Revealed } from "../../core/messages.ts";
import type { Endpoints, Managed } from "../../messages/ui.ts";
import { IconButton } from "../components/basic.tsx";
import { Fact } from "../components/Fact.tsx";
import { hostIn } from "../host.ts";
import { ago, t } from "../t.ts";
import type { ItemActions } from "./ItemDialog.tsx";

type Props = { item: Item } & Pick<ItemActions, "onReveal" | "onCode" | "onCopy" | "onEndpoints">;

export function Detail(props: Props) {
  const { item } = props;
  const { detail, summary } = item;
  const [revealed, setRevealed] = useState<Revealed>();
  const reveal = () => void props.onReveal().then(setRevealed, () => undefined);
  const host = hostIn(summary.site ?? "");
  switch (detail.kind) {
    case "passkey":
      return (
        <>
          <Fact name={t("person")}>{detail.displayName}</Fact>
          <Fact name={t("algorithm")}>{detail.algorithm}</Fact>
          <Fact name={t("credentialId")}>
            <span class="mono">{detail.credentialId}</span>
          </Fact>
          <Fact name={t("atTheSite")}>
            <AtTheSite site={detail.rpId} of="passkey" onEndpoints={props.onEndpoints} />
          </Fact>
          <Fact name={t("lastUsed")}>{summary.lastUsed === undefined ? t("neverUsed") : ago(summary.lastUsed)}</Fact>
        </>
      );
    case "login":
      return (
        <>
          {detail.sites.length > 1 && (
            <Fact name={t("sites")}>
              {detail.sites.map((site) => (
                <bdi key={site} class="wrap block">
                  {site}
                </bdi>
              ))}
            </Fact>
          )}
          <Fact name={t("userName")}>
            {detail.userName !== "" && (
              <Copied text={detail.userName} label={t("copyUserName")} onCopy={props.onCopy}>
                <bdi class="wrap">{detail.userName}</bdi>
              </Copied>
            )}
          </Fact>
          <Fact name={t("password")}>{revealed === undefined ? <Reveal onReveal={reveal} /> : <Passwords revealed={revealed} onCopy={props.onCopy} />}</Fact>
          {host !== undefined && (
            <Fact name={t("atTheSite")}>
              <AtTheSite site={host} of="password" onEndpoints={props.onEndpoints} />
            </Fact>
          )}
          {detail.hasCodes && (
            <Fact name={t("oneTimeCode")}>
              <Code onCode={props.onCode} onCopy={props.onCopy} />
            </Fact>
          )}
          {detail.notes !== "" && (
            <Fact name={t("remarks")}>
              <span class="text">{detail.notes}</span>
            </Fact>
          )}
          <Fields fields={detail.fields} revealed={revealed} onReveal={reveal} />
        </>
      );
    case "note":
      return (
        <>
          <Fact name={t("kindNote")}>
            <span class="text">{detail.text}</span>
          </Fact>
          <Fields fields={detail.fields} revealed={revealed} onReveal={reveal} />
        </>
      );
  }
}

function Reveal({ onReveal }: { onReveal: () => void }) {
  return (
    <button type="button" class="link" onClick={onReveal} data-testid="reveal">
      {t("reveal")}
    </button>
  );
}

function Passwords({ revealed: { password, past }, onCopy }: { revealed: Revealed } & Pick<Props, "onCopy">) {
  return (
    <>
      <Copied text={password} label={t("copyPassword")} onCopy={onCopy}>
        <span class="mono wrap" data-testid="password">
          {password}
        </span>
      </Copied>
      {past.length > 0 && (
        <details>
          <summary>{t("oldPasswords")}</summary>
          <ol>
            {past.map((each, at) => (
              <li key={at} class="mono wrap soft">
                {each}
              </li>
            ))}
          </ol>
        </details>
      )}
    </>
  );
}

function Fields({ fields, revealed, onReveal }: { fields: FieldView[]; revealed: Revealed | undefined; onReveal: () => void }) {
  return (
    <>
      {fields.map(({ label, value }, at) => (
        <Fact key={at} name={label}>
          {value ?? (revealed === undefined ? <Reveal onReveal={onReveal} /> : <span class="mono wrap">{revealed.fields[at]}</span>)}
        </Fact>
      ))}
    </>
  );
}

/** The code of now; another one is asked for when it is over. */
function Code({ onCode, onCopy }: Pick<Props, "onCode" | "onCopy">) {
  const [code, setCode] = useState<OneTimeCode>();
  const [left, setLeft] = useState(0);
  useEffect(() => {
    let gone = false;
    let until = 0;
    const ask = () =>
      void onCode().then((found) => {
        if (gone) return;
        until = Date.now() + found.seconds * 1000;
        setCode(found);
        setLeft(found.seconds);
      }, () => undefined);
    ask();
    const timer = setInterval(() => {
      const seconds = Math.ceil((until - Date.now()) / 1000);
      if (until > 0 && seconds <= 0) ask();
      else setLeft(seconds);
    }, 1000);
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, []);
  if (code === undefined) return null;
  const half = Math.ceil(code.code.length / 2);
  return (
    <Copied text={code.code} label={t("copyCode")} onCopy={onCopy}>
      <span class="mono code-now" data-testid="code">
        {code.code.slice(0, half)} {code.code.slice(half)}
      </span>
      <span class="small soft">{t("codeSeconds", Math.max(left, 0))}</span>
    </Copied>
  );
}

function Copied({ text, label, onCopy, children }: { text: string; label: string; children: ComponentChildren } & Pick<Props, "onCopy">) {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 2000);
    return () => clearTimeout(timer);
  }, [done]);
  return (
    <span class="copied">
      {children}
      <IconButton label={label} icon={done ? "check" : "copy"} onClick={() => onCopy(text).then(() => setDone(true), () => undefined)} testId="copy" />
      <span class="unseen" role="status">
        {done && t("copied")}
      </span>
    </span>
  );
}

function AtTheSite({ site, of, onEndpoints }: { site: string; of: Managed } & Pick<Props, "onEndpoints">) {
  const [found, setFound] = useState<Endpoints>();
  if (found === undefined) {
    return (
      <button type="button" class="link" onClick={() => void onEndpoints(site, of).then(setFound)} data-testid="endpoints">
        {t(of === "passkey" ? "askTheSite" : "askTheSitePassword")}
      </button>
    );
  }
  const address = found.manage ?? found.enroll;
  if (address === undefined) return <span data-testid="no-endpoints">{t("siteSaysNothing")}</span>;
  return (
    <a class="wrap" href={address} target="_blank" rel="noreferrer" data-testid="manage">
      {t("openSite", new URL(address).host)}
    </a>
  );
}
