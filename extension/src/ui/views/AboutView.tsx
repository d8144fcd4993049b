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
          <dd>{navigator.userAgent}</dd>
          <dt>{t("license")}</dt>
          <dd>MIT OR Apache-2.0</dd>
        </dl>
      </section>
      <section class="card pad stack-s">
        <h2>{t("permissionsTitle")}</h2>
        <dl class="facts">
          <dt class="mono">https://*</dt>
          <dd>{t("permissionHosts")}</dd>
          <dt class="mono">webNavigation</dt>
          <dd>{t("permissionWebNavigation")}</dd>
          <dt class="mono">storage</dt>
          <dd>{t("permissionStorage")}</dd>
          <dt class="mono">alarms</dt>
          <dd>{t("permissionAlarms")}</dd>
          <dt class="mono">idle</dt>
          <dd>{t("permissionIdle")}</dd>
        </dl>
      </section>
    </>
  );
}
