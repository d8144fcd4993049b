import { STRICT_PERMISSION } from "../../messages/ui.ts";
import { t } from "../t.ts";

export function AboutView() {
  return (
    <>
      <header class="head">
        <h1>{t("navAbout")}</h1>
      </header>
      <section class="card pad stack">
        <p>{t("aboutText")}</p>
        <p>
          <a href="#protection">{t("protectionLink")}</a>
        </p>
        <dl class="facts">
          <dt>{t("version")}</dt>
          <dd class="mono">{__VERSION__}</dd>
          <dt>{t("coreHash")}</dt>
          <dd class="mono" data-testid="core-hash">
            {__CORE__}
          </dd>
          <dt>{t("browser")}</dt>
          <dd>
            <bdi>{navigator.userAgent}</bdi>
          </dd>
          <dt>{t("license")}</dt>
          <dd>MIT OR Apache-2.0</dd>
        </dl>
      </section>
      <section class="card pad stack-s">
        <h2>{t("permissionsTitle")}</h2>
        <dl class="facts">
          <dt class="mono">
            <bdi>https://*</bdi>
          </dt>
          <dd>{t("permissionHosts")}</dd>
          <dt class="mono">webNavigation</dt>
          <dd>{t("permissionWebNavigation")}</dd>
          <dt class="mono">storage</dt>
          <dd>{t("permissionStorage")}</dd>
          <dt class="mono">alarms</dt>
          <dd>{t("permissionAlarms")}</dd>
          <dt class="mono">idle</dt>
          <dd>{t("permissionIdle")}</dd>
          {isKnown(STRICT_PERMISSION) && (
            <>
              <dt class="mono">{STRICT_PERMISSION}</dt>
              <dd>{t("permissionProxy")}</dd>
            </>
          )}
        </dl>
      </section>
    </>
  );
}

/** Whether this browser's manifest has the permission at all, granted or not. */
function isKnown(permission: string): boolean {
  const { permissions = [], optional_permissions = [] } = chrome.runtime.getManifest();
  return [...permissions, ...optional_permissions].some((each) => each === permission);
}
