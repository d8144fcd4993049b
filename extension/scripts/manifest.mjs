// The manifest, one for Chromium, Edge and Firefox. README.md explains every permission.

// Pages that may hold a passkey: https anywhere, and a developer's own machine.
const PAGES = ["https://*/*", "http://localhost/*", "http://127.0.0.1/*"];

// For strict mode, which the person or whoever manages the browser switches on; Firefox has no such thing.
const OPTIONAL = ["webAuthenticationProxy"];

export function manifest({ version, testHooks }) {
  const content = {
    matches: PAGES,
    run_at: "document_start",
    all_frames: true,
    match_about_blank: true,
    match_origin_as_fallback: true,
  };
  return {
    manifest_version: 3,
    name: testHooks ? "Roamkey (test build)" : "__MSG_appName__",
    description: "__MSG_appDescription__",
    version,
    default_locale: "en",
    minimum_chrome_version: "120",
    icons: { 16: "icons/16.png", 32: "icons/32.png", 48: "icons/48.png", 128: "icons/128.png" },
    // No test can press the browser's own question for one that is optional.
    permissions: ["alarms", "idle", "storage", "unlimitedStorage", "webNavigation", ...(testHooks ? OPTIONAL : [])],
    ...(testHooks ? {} : { optional_permissions: OPTIONAL }),
    host_permissions: PAGES,
    background: { service_worker: "background.js", scripts: ["background.js"], type: "module" },
    // The order matters: the relay waits for the page script's port, so it has to be there first.
    content_scripts: [
      { ...content, js: ["relay.js"], world: "ISOLATED" },
      { ...content, js: ["page.js"], world: "MAIN" },
      { ...content, js: ["forms.js"], world: "ISOLATED" },
    ],
    action: { default_popup: "popup.html", default_title: "__MSG_appName__" },
    storage: { managed_schema: "managed.json" },
    options_ui: { page: "settings.html", open_in_tab: true },
    content_security_policy: {
      extension_pages: [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src https: wss: http://localhost:* http://127.0.0.1:* ws://localhost:* ws://127.0.0.1:* 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
      ].join("; "),
    },
    browser_specific_settings: { gecko: { id: "roamkey@roamkey.example", strict_min_version: "140.0" } },
  };
}
