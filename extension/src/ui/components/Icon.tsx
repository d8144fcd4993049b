/** The icons, drawn here: 24 by 24, strokes only. */

const PATHS = {
  key: "M14 9.5a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0ZM12.7 12.7 20 20m-3.2-3.2-2.1 2.1",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M6 11h12a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1Zm6 4v2",
  devices: "M4 6a1 1 0 0 1 1-1h11a1 1 0 0 1 1 1v2M3 17h8M5 17V9m10 1h5a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1h-5a1 1 0 0 1-1-1v-8a1 1 0 0 1 1-1Zm2 7.5h1",
  sync: "M19 8a7.5 7.5 0 0 0-13.5-1.5M5 3v4h4M5 16a7.5 7.5 0 0 0 13.5 1.5M19 21v-4h-4",
  shield: "M12 3.5 5 6v5.5c0 4 2.8 7.2 7 9 4.2-1.8 7-5 7-9V6l-7-2.5Zm-3 8.3 2.2 2.2 4-4.2",
  info: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17Zm0-9v5m0-8v.1",
  warning: "M12 4.5 3.5 19h17L12 4.5Zm0 6v4m0 2.5v.1",
  check: "m5.5 12.5 4.2 4.2 8.8-9.4",
  search: "M11 17.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Zm4.8-1.7 4.2 4.2",
  trash: "M5 7h14M10 7V4.5h4V7m-7.5 0 .8 12a1 1 0 0 0 1 1h7.4a1 1 0 0 0 1-1l.8-12M10.5 11v5m3-5v5",
  restore: "M5 12a7 7 0 1 0 2.3-5.2L5 9m0-4.5V9h4.5",
  plus: "M12 5.5v13M5.5 12h13",
  close: "m6.5 6.5 11 11m0-11-11 11",
  eye: "M2.8 12S6 5.8 12 5.8 21.2 12 21.2 12 18 18.2 12 18.2 2.8 12 2.8 12Zm9.2 2.7a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4Z",
  eyeOff: "M4 4l16 16M9.9 6.1A9 9 0 0 1 12 5.8c6 0 9.2 6.2 9.2 6.2a15 15 0 0 1-3 3.7M6.2 7.9A15 15 0 0 0 2.8 12S6 18.2 12 18.2a9 9 0 0 0 3.7-.8M10.2 10.1a2.7 2.7 0 0 0 3.7 3.8",
  next: "m9.5 6 6 6-6 6",
  down: "m6 9.5 6 6 6-6",
  settings: "M4 7h9m4 0h3M4 17h3m4 0h9M15 9.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Zm-6 10a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z",
  edit: "M5 19l.8-3.6L16 5.2a1.4 1.4 0 0 1 2 0l.8.8a1.4 1.4 0 0 1 0 2L8.6 18.2 5 19Zm9.3-12.1 2.8 2.8",
  leave: "M13.5 5H6.5a1 1 0 0 0-1 1v12a1 1 0 0 0 1 1h7M10.5 12h9m-3.2-3.3 3.2 3.3-3.2 3.3",
  note: "M6 4h8l4 4v12H6V4Zm8 0v4h4M9 12.5h6m-6 3.5h4",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7 8c.6-3.6 3.3-5.5 7-5.5s6.4 1.9 7 5.5",
  offline: "M4 4l16 16M8 8.5A5.5 5.5 0 0 0 7 18.5h9.5M10.5 6.7a5.5 5.5 0 0 1 7 4.8 3.6 3.6 0 0 1 2.3 5.6",
} as const;

export type IconName = keyof typeof PATHS;

/** Icons that point along the line of reading. */
const TURNS: ReadonlySet<IconName> = new Set(["next", "leave"]);

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class={TURNS.has(name) ? "icon turns" : "icon"} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
