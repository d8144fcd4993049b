import { Icon, type IconName } from "../components/Icon.tsx";
import { t, type MessageKey } from "../t.ts";

/** How passkeys are protected, for people who are not cryptographers; what is not promised as well. */
export function ProtectionView() {
  return (
    <>
      <header class="head">
        <div>
          <h1>{t("protectionTitle")}</h1>
          <p class="soft">{t("protectionLead")}</p>
        </div>
      </header>
      {PARTS.map(([icon, title, text]) => (
        <section class="card pad row top" key={title}>
          <Icon name={icon} />
          <div class="grow stack-s">
            <h2>{t(title)}</h2>
            <p>{t(text)}</p>
          </div>
        </section>
      ))}
      <section class="card pad stack-s">
        <h2>{t("protectionNotTitle")}</h2>
        <ul class="steps">
          {NOT_PROMISED.map((key) => (
            <li key={key}>{t(key)}</li>
          ))}
        </ul>
      </section>
    </>
  );
}

const PARTS: [IconName, MessageKey, MessageKey][] = [
  ["lock", "protectionSealed", "protectionSealedText"],
  ["devices", "protectionDevices", "protectionDevicesText"],
  ["shield", "protectionServer", "protectionServerText"],
  ["trash", "protectionLost", "protectionLostText"],
  ["key", "protectionSites", "protectionSitesText"],
];
const NOT_PROMISED: MessageKey[] = ["protectionNotUnlocked", "protectionNotSees", "protectionNotAlone", "protectionNotRead", "protectionNotRecovery"];
