/** Our own windows. Consent is never asked inside a page: a page could cover it, or click it. */

const WIDTH = 440;
const HEIGHT = 660;

/** Opens the consent window over the tab that asks. */
export function openConsent(request: string, tab: number): Promise<number | undefined> {
  return openOver(tab, `consent.html?request=${request}`);
}

/** Opens the window that asks whether to keep what was typed in a tab. */
export function openSave(tab: number): Promise<number | undefined> {
  return openOver(tab, `save.html?tab=${tab}`);
}

async function openOver(tab: number, page: string): Promise<number | undefined> {
  const made = await chrome.windows.create({
    url: chrome.runtime.getURL(page),
    type: "popup",
    focused: true,
    width: WIDTH,
    height: HEIGHT,
    ...(await centred(tab)),
  });
  return made?.id;
}

async function centred(tab: number): Promise<{ left?: number; top?: number }> {
  try {
    const { windowId } = await chrome.tabs.get(tab);
    const { left, top, width, height } = await chrome.windows.get(windowId);
    if (left === undefined || top === undefined || width === undefined || height === undefined) return {};
    return { left: Math.round(left + (width - WIDTH) / 2), top: Math.round(top + Math.max(0, (height - HEIGHT) / 3)) };
  } catch {
    return {};
  }
}

/** Whether a tab is the one that its window shows: the browser's word, where a page's own could be anyone's. */
export async function isInFront(tab: number): Promise<boolean> {
  return chrome.tabs.get(tab).then(({ active }) => active, () => false);
}

export async function closeWindow(window: number): Promise<void> {
  // The person may have closed it already.
  await chrome.windows.remove(window).catch(() => undefined);
}

export async function windowIsOpen(window: number): Promise<boolean> {
  return chrome.windows.get(window).then(() => true, () => false);
}

export async function focusWindow(window: number): Promise<void> {
  await chrome.windows.update(window, { focused: true }).catch(() => undefined);
}
