import type { DeviceView } from "../../core/messages.ts";
import { Button, Busy, Notice, Tag } from "../components/basic.tsx";
import { Icon } from "../components/Icon.tsx";
import { date, t } from "../t.ts";

interface Props {
  devices: DeviceView[] | undefined;
  resealing: boolean;
  onPair: () => void;
  onRevoke: (device: DeviceView) => void;
}

export function DevicesView({ devices, resealing, onPair, onRevoke }: Props) {
  const active = devices?.filter((each) => each.status.status === "active");
  const past = devices?.filter((each) => each.status.status !== "active") ?? [];
  return (
    <>
      <header class="head">
        <div>
          <h1>{t("navDevices")}</h1>
          <p class="soft">{t("devicesLead")}</p>
        </div>
        <Button kind="primary" icon="plus" onClick={onPair} testId="pair">
          {t("addDevice")}
        </Button>
      </header>
      {resealing && <Notice>{t("resealing")}</Notice>}
      {active === undefined ? (
        <div class="card empty">
          <Busy />
        </div>
      ) : (
        <ul class="card">
          {active.map((device) => (
            <DeviceLine key={device.id} device={device} devices={active} onRevoke={onRevoke} />
          ))}
        </ul>
      )}
      {active?.length === 1 && <Notice>{t("oneDevice")}</Notice>}
      {past.length > 0 && (
        <section class="stack-s">
          <h2>{t("pastDevices")}</h2>
          <ul class="card">
            {past.map((device) => (
              <li class="line soft" key={device.id} data-testid="past-device">
                <Icon name="devices" />
                <span class="grow">
                  <bdi class="cut block">{nameOf(device)}</bdi>
                  <span class="small">{ending(device)}</span>
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function DeviceLine({ device, devices, onRevoke }: { device: DeviceView; devices: DeviceView[]; onRevoke: (device: DeviceView) => void }) {
  const by = devices.find((each) => each.id === device.addedBy);
  return (
    <li class="line" data-testid="device" data-device={device.id}>
      <Icon name="devices" />
      <span class="grow">
        <bdi class="cut block">{nameOf(device)}</bdi>
        <span class="cut block small soft">{by === undefined ? t("deviceSince", date(device.addedAt)) : t("deviceSinceBy", date(device.addedAt), nameOf(by))}</span>
      </span>
      {device.current && <Tag kind="good">{t("thisDevice")}</Tag>}
      {!device.current && device.recent && <Tag kind="warn">{t("newDevice")}</Tag>}
      {!device.current && (
        <Button kind="danger" onClick={() => onRevoke(device)} testId="revoke">
          {t("removeDevice")}
        </Button>
      )}
    </li>
  );
}

export function nameOf(device: DeviceView): string {
  return device.name ?? t("unnamedDevice", device.id.slice(0, 6));
}

function ending({ status }: DeviceView): string {
  switch (status.status) {
    case "active":
      return "";
    case "left":
      return t("deviceLeft", date(status.at));
    case "revoked":
      return t("deviceRemoved", date(status.at));
  }
}
