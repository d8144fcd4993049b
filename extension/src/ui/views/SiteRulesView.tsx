import { useState } from "preact/hooks";
import { Button, Empty } from "../components/basic.tsx";
import { TextField } from "../components/fields.tsx";
import { hostIn } from "../host.ts";
import { t } from "../t.ts";

interface Props {
  /** Hosts where the browser answers by itself. */
  never: string[];
  /** Hosts whose passwords nobody is asked to keep. */
  unsaved: string[];
  onNever: (host: string) => unknown;
  onAllow: (host: string) => unknown;
  onAskAgain: (host: string) => unknown;
}

/** What Roamkey does where: it asks, or it leaves a site to the browser. */
export function SiteRulesView({ never, unsaved, onNever, onAllow, onAskAgain }: Props) {
  const [typed, setTyped] = useState("");
  const host = hostIn(typed);
  return (
    <>
      <header class="head">
        <div>
          <h1>{t("navSites")}</h1>
          <p class="soft">{t("sitesLead")}</p>
        </div>
      </header>
      <form
        class="card pad stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (host === undefined) return;
          void onNever(host);
          setTyped("");
        }}
      >
        <TextField label={t("neverAdd")} hint={t("neverAddHint")} value={typed} onInput={setTyped} placeholder="shop.example" wrong={typed !== "" && host === undefined ? t("neverWrong") : undefined} testId="never-host" />
        <div>
          <Button type="submit" disabled={host === undefined || never.includes(host)} testId="never-add">
            {t("neverButton")}
          </Button>
        </div>
      </form>
      <section class="stack-s">
        <h2>{t("neverTitle")}</h2>
        <p class="soft">{t("neverText")}</p>
        <div class="card">
          {never.length === 0 ? (
            <Empty icon="globe" title={t("neverNone")}>
              <p>{t("neverNoneText")}</p>
            </Empty>
          ) : (
            <Hosts hosts={never} again={t("neverAllow")} testId="never" onAgain={onAllow} />
          )}
        </div>
        <p class="small soft">{t("neverHereOnly")}</p>
      </section>
      {unsaved.length > 0 && (
        <section class="stack-s">
          <h2>{t("unsavedTitle")}</h2>
          <p class="soft">{t("unsavedText")}</p>
          <div class="card">
            <Hosts hosts={unsaved} again={t("unsavedAgain")} testId="unsaved" onAgain={onAskAgain} />
          </div>
        </section>
      )}
    </>
  );
}

function Hosts({ hosts, again, testId, onAgain }: { hosts: string[]; again: string; testId: string; onAgain: (host: string) => unknown }) {
  return (
    <ul>
      {hosts.toSorted().map((site) => (
        <li class="line" key={site} data-testid={`${testId}-site`}>
          <bdi class="grow wrap">{site}</bdi>
          <Button onClick={() => onAgain(site)} testId={`${testId}-allow`}>
            {again}
          </Button>
        </li>
      ))}
    </ul>
  );
}
