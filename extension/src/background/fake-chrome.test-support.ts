/** As much of the browser as the way of a request touches. */

type Message = Record<string, unknown>;
type Area = Record<string, unknown>;

export interface FakeFrame {
  port: chrome.runtime.Port;
  heard: Message[];
  say(message: Message): void;
  /** The document goes away. */
  close(): void;
}

function storageArea() {
  const held: Area = {};
  return {
    get: async (keys: string | string[] | null) => {
      await Promise.resolve();
      const names = keys === null ? Object.keys(held) : [keys].flat();
      return structuredClone(Object.fromEntries(names.filter((name) => name in held).map((name) => [name, held[name]])));
    },
    set: async (values: Area) => {
      await Promise.resolve();
      Object.assign(held, structuredClone(values));
    },
    remove: async (names: string | string[]) => {
      await Promise.resolve();
      for (const name of [names].flat()) Reflect.deleteProperty(held, name);
    },
  };
}

/** A browser that asks an extension itself. */
function fakeProxy() {
  const listeners: Record<string, ((details: unknown) => void)[]> = {};
  const event = (name: string) => ({ addListener: (listener: (details: never) => void) => { (listeners[name] ??= []).push(listener as (details: unknown) => void); } });
  const said: Message[] = [];
  const state = { attached: false, taken: false };
  const say = (message: Message) => {
    said.push(message);
    return Promise.resolve();
  };
  const api = {
    attach: () => {
      if (state.taken) return Promise.reject(new Error("Another extension is already attached"));
      state.attached = true;
      return Promise.resolve();
    },
    detach: () => {
      state.attached = false;
      return Promise.resolve();
    },
    completeCreateRequest: say,
    completeGetRequest: say,
    completeIsUvpaaRequest: say,
    onCreateRequest: event("create"),
    onGetRequest: event("get"),
    onIsUvpaaRequest: event("isUvpaa"),
    onRequestCanceled: event("canceled"),
  };
  const tell = (name: string, details: unknown) => { for (const listener of listeners[name] ?? []) listener(details); };
  return { api, state, said, tell };
}

export function fakeChrome() {
  const windows = new Set<number>();
  /** Tabs that their window does not show. */
  const hidden = new Set<number>();
  const state = { made: 0 };
  const badges = new Map<number, string>();
  const woken: unknown[] = [];
  let gate = Promise.resolve();

  const chrome = {
    storage: { session: storageArea(), local: storageArea(), managed: storageArea() },
    permissions: { contains: () => Promise.resolve(true) },
    webAuthenticationProxy: undefined as ReturnType<typeof fakeProxy>["api"] | undefined,
    webNavigation: { getAllFrames: (): Promise<{ frameId: number; parentFrameId: number; url: string; documentId?: string }[]> => Promise.resolve([{ frameId: 0, parentFrameId: -1, url: "https://shop.test/" }]) },
    tabs: {
      TAB_ID_NONE: -1,
      get: (id: number) => Promise.resolve({ windowId: 1, active: !hidden.has(id) }),
      query: (): Promise<{ id: number; url: string }[]> => Promise.resolve([{ id: 1, url: "https://shop.test/" }]),
      sendMessage: (_: number, message: unknown) => {
        woken.push(message);
        return Promise.resolve();
      },
    },
    action: {
      setBadgeText: ({ tabId, text }: { tabId: number; text: string }) => {
        badges.set(tabId, text);
        return Promise.resolve();
      },
      setTitle: () => Promise.resolve(),
    },
    i18n: { getMessage: (name: string) => name },
    windows: {
      create: async () => {
        await gate;
        state.made += 1;
        windows.add(100 + state.made);
        return { id: 100 + state.made };
      },
      get: (id: number) => (id === 1 || windows.has(id) ? Promise.resolve({ id }) : Promise.reject(new Error("no window"))),
      remove: (id: number) => {
        windows.delete(id);
        return Promise.resolve();
      },
    },
    runtime: { getPlatformInfo: () => Promise.resolve({}), id: "roamkey", getURL: (path: string) => `chrome-extension://roamkey/${path}`, sendMessage: () => Promise.resolve() },
  };

  return {
    chrome,
    windows,
    hidden,
    badges,
    woken,
    get made() { return state.made; },
    frame: (tab: number, document: string) => fakeFrame(tab, document),
    /** The browser can ask the extension itself, and the extension may let it. */
    proxy: () => {
      const proxy = fakeProxy();
      chrome.webAuthenticationProxy = proxy.api;
      return proxy;
    },
    /** Windows open only once the returned function is called. */
    holdWindows: () => {
      let open = () => {};
      gate = new Promise((resolve) => (open = resolve));
      return () => open();
    },
    /** Everything that was begun has come to rest. */
    quiet: () => new Promise((resolve) => setTimeout(resolve, 20)),
  };
}

function fakeFrame(tab: number, documentId: string): FakeFrame {
  const heard: Message[] = [];
  const listeners: ((message: Message) => void)[] = [];
  const closers: (() => void)[] = [];
  const port = {
    name: "relay",
    sender: { tab: { id: tab }, frameId: 0, documentId, origin: "https://shop.test" },
    postMessage: (message: Message) => { heard.push(message); },
    disconnect: () => undefined,
    onMessage: { addListener: (listener: (message: Message) => void) => { listeners.push(listener); } },
    onDisconnect: { addListener: (listener: () => void) => { closers.push(listener); } },
  };
  return {
    port: port as unknown as chrome.runtime.Port,
    heard,
    say: (message) => { for (const listener of listeners) listener(message); },
    close: () => { for (const closer of closers) closer(); },
  };
}
