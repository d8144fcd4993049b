import type { DeviceView } from "../../core/messages.ts";
import { Button, Busy, IconButton, Notice, Tag } from "../components/basic.tsx";
import { Icon } from "../components/Icon.tsx";
import { ago, date, t } from "../t.ts";

interface Props {
  devices: DeviceView[] | undefined;
  resealing: boolean;
  /** Whether this device is one of them still, and so may change who is. */
  member: boolean;
  /** Whether it is known that nobody comes back once every device is lost. */
  noWayBack: boolean;
  onKit: () => void;
  onPair: () => void;
  onRename: (device: DeviceView) => void;
  onLeave: (device: DeviceView) => void;
  onRevoke: (device: DeviceView) => void;
  onExposure: (device: DeviceView) => void;
}

export function DevicesView({ devices, resealing, member, noWayBack, onKit, onPair, onExposure, ...actions }: Props) {
  const active = devices?.filter((each) => each.status.status === "active");
  const past = devices?.filter((each) => each.status.status !== "active") ?? [];
  return (
    <>
      <header class="head">
        <div>
          <h1>{t("navDevices")}</h1>
          <p class="soft">{t("devicesLead")}</p>
        </div>
        {member && (
          <Button kind="primary" icon="plus" onClick={onPair} testId="pair">
            {t("addDevice")}
          </Button>
        )}
      </header>
      {resealing && <Notice>{t("resealing")}</Notice>}
      {active === undefined ? (
        <div class="card empty">
          <Busy />
        </div>
      ) : (
        <ul class="card">
          {active.map((device) => (
            <DeviceLine key={device.id} device={device} devices={active} member={member} {...actions} />
          ))}
        </ul>
      )}
      {member && noWayBack && (
        <Notice kind="warn" testId="no-way-back">
          <div class="stack-s">
            <p>{t("recoveryNone")}</p>
            <div>
              <Button onClick={onKit}>{t("kitMake")}</Button>
            </div>
          </div>
        </Notice>
      )}
      {member && active?.length === 1 && <Notice>{t("oneDevice")}</Notice>}
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
                <Button onClick={() => onExposure(device)} testId="exposure">
                  {t("exposureShow")}
                </Button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

interface LineProps extends Pick<Props, "member" | "onRename" | "onLeave" | "onRevoke"> {
  device: DeviceView;
  devices: DeviceView[];
}

function DeviceLine({ device, devices, member, onRename, onLeave, onRevoke }: LineProps) {
  const by = devices.find((each) => each.id === device.addedBy);
  return (
    <li class="line device" data-testid="device" data-device={device.id}>
      <Icon name="devices" />
      <span class="grow">
        <bdi class="cut block">{nameOf(device)}</bdi>
        <span class="cut block small soft">{device.recovered ? t("deviceRecovered", date(device.addedAt)) : by === undefined ? t("deviceSince", date(device.addedAt)) : t("deviceSinceBy", date(device.addedAt), nameOf(by))}</span>
        {!device.current && device.lastContact !== undefined && <span class="cut block small soft">{t("lastContact", ago(device.lastContact))}</span>}
      </span>
      <span class="row actions">
        {device.current && <Tag kind="good">{t("thisDevice")}</Tag>}
        {!device.current && device.recent && <Tag kind="warn">{t("newDevice")}</Tag>}
        {!device.current && device.silent && <Tag kind="warn">{t("silentDevice")}</Tag>}
        {member && device.current && <IconButton label={t("renameDevice")} icon="edit" onClick={() => onRename(device)} testId="rename-device" />}
        {member && device.current && devices.length > 1 && <IconButton label={t("leave")} icon="leave" onClick={() => onLeave(device)} testId="leave" />}
        {member && !device.current && (
          <Button kind="danger" onClick={() => onRevoke(device)} testId="revoke">
            {t("removeDevice")}
          </Button>
        )}
      </span>
    </li>
  );
}

export function nameOf(device: DeviceView): string {
  return device.name ?? t("unnamedDevice", device.id.slice(0, 6));
}

/** Names devices that others speak of, those that are not in the list as well. */
export function nameIn(devices: DeviceView[]): (id: string) => string {
  return (id) => {
    const device = devices.find((each) => each.id === id);
    return device === undefined ? t("unnamedDevice", id.slice(0, 6)) : nameOf(device);
  };
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
