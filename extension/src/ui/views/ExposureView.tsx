import type { ExposedSecret } from "../../core/messages.ts";
import { Busy, Empty, IconButton, Notice, SiteMark, Tag } from "../components/basic.tsx";
import { Icon } from "../components/Icon.tsx";
import { VirtualList } from "../components/VirtualList.tsx";
import { t, tn } from "../t.ts";

interface Props {
  /** What the device is called. */
  device: string;
  exposed: ExposedSecret[] | undefined;
  wrong: string | undefined;
  onBack: () => void;
  onMark: (secret: ExposedSecret) => unknown;
}

/** What a lost device could read, as a work list: what is open first, and how far one is. */
export function ExposureView({ device, exposed, wrong, onBack, onMark }: Props) {
  const open = exposed?.filter(({ progress }) => progress === "open").length ?? 0;
  const all = exposed?.length ?? 0;
  return (
    <>
      <header class="head">
        <div>
          <p>
            <button type="button" class="link" onClick={onBack} data-testid="exposure-back">
              {t("back")}
            </button>
          </p>
          <h1>{t("exposureTitle")}</h1>
          <p class="soft">{t("exposureLead", device)}</p>
        </div>
      </header>
      {wrong !== undefined && <Notice kind="bad">{wrong}</Notice>}
      {exposed === undefined && (
        <div class="card empty">
          <Busy />
        </div>
      )}
      {exposed !== undefined && all === 0 && (
        <div class="card">
          <Empty icon="check" title={t("exposureNone")} />
        </div>
      )}
      {exposed !== undefined && all > 0 && (
        <>
          <section class="card pad stack-s" data-testid="exposure-progress">
            <div class="row between">
              <strong>{open === 0 ? t("exposureDone") : tn("exposureOpen", open)}</strong>
              <span class="soft small">{t("exposureCount", all - open, all)}</span>
            </div>
            <progress value={all - open} max={all} aria-label={t("exposureCount", all - open, all)} />
          </section>
          <div class="card">
            <VirtualList total={all} rowHeight={72} label={t("exposureTitle")} at={(index) => exposed[index]} need={keep} row={(secret) => secret && <Row secret={secret} onMark={onMark} />} />
          </div>
        </>
      )}
    </>
  );
}

/** All rows are here. */
const keep = () => undefined;

function Row({ secret, onMark }: { secret: ExposedSecret; onMark: (secret: ExposedSecret) => unknown }) {
  const { title, site, account, progress, replaceAt } = secret;
  return (
    <div class="line exposed" data-testid="exposed" data-progress={progress}>
      <SiteMark site={site ?? (title || "?")} />
      <span class="grow">
        <bdi class="cut block">{title || site}</bdi>
        <span class="cut block small soft">
          {kind(secret)}
          {account !== undefined && (
            <>
              {" · "}
              <bdi>{account}</bdi>
            </>
          )}
        </span>
      </span>
      {progress === "open" ? (
        <span class="row actions">
          {replaceAt !== undefined && (
            <a class="button quiet" href={replaceAt} target="_blank" rel="noreferrer" aria-label={t("exposureOpenSite")}>
              <span class="if-wide">{t("exposureOpenSite")}</span>
              <Icon name="next" />
            </a>
          )}
          <IconButton label={t("exposureMark", title || (site ?? ""))} icon="check" onClick={() => onMark(secret)} testId="mark-replaced" />
        </span>
      ) : (
        <Tag kind="good">{progress === "replaced" ? t("exposureReplaced") : t("exposureMarked")}</Tag>
      )}
    </div>
  );
}

function kind({ secret }: ExposedSecret): string {
  switch (secret) {
    case "passkey":
      return t("secretPasskey");
    case "password":
      return t("secretPassword");
    case "oneTimeCodes":
      return t("secretCodes");
    case "note":
      return t("secretNote");
  }
}
