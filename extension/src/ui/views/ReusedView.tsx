import type { ReusedPasswords } from "../../core/messages.ts";
import { Button, Notice, SiteMark } from "../components/basic.tsx";
import { t, tn } from "../t.ts";

interface Props {
  /** Absent until the person looks. */
  reused: ReusedPasswords | undefined;
  busy: boolean;
  wrong: string | undefined;
  onLook: () => unknown;
}

/** Which passwords serve at more than one site; the passwords themselves are not shown. */
export function ReusedView({ reused, busy, wrong, onLook }: Props) {
  return (
    <section class="card pad stack" data-testid="reused">
      <div class="stack-s">
        <h2>{t("reusedTitle")}</h2>
        <p class="soft">{t("reusedText")}</p>
      </div>
      {wrong !== undefined && <Notice kind="bad">{wrong}</Notice>}
      {reused !== undefined && (
        <Notice kind={reused.total === 0 ? "good" : "warn"} testId="reused-total">
          {reused.total === 0 ? t("reusedNone") : tn("reused", reused.total)}
        </Notice>
      )}
      {reused?.passwords.map(({ logins }) => (
        <ul class="card rows" key={logins[0]?.id} aria-label={t("reusedTogether")}>
          {logins.map(({ id, title, site, account }) => (
            <li class="line" key={id} data-testid="reused-login">
              <SiteMark site={site ?? title} />
              <span class="grow">
                <bdi class="cut block">{title}</bdi>
                {account !== undefined && <bdi class="cut block small soft">{account}</bdi>}
              </span>
            </li>
          ))}
        </ul>
      ))}
      <div>
        <Button busy={busy} icon="search" onClick={onLook} testId="reused-look">
          {t(reused === undefined ? "reusedLook" : "reusedAgain")}
        </Button>
      </div>
    </section>
  );
}
