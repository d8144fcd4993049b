import { expect, it } from "vitest";
import { isAllowed, isInView, whenShown } from "./permission.ts";

class FakeDocument {
  get featurePolicy() { return { allowsFeature: () => false }; }
  get visibilityState() { return "hidden"; }
}

/** As `<object name="featurePolicy">` does: named elements come before the members of the document's class. */
function clobbered(): object {
  const named = { featurePolicy: { value: { allowsFeature: () => true } }, visibilityState: { value: "visible" } };
  return Object.defineProperties(new FakeDocument(), named);
}

it("an element of the page cannot speak for the browser", async () => {
  expect(await isAllowed("get", clobbered())).toBe(false);
  expect(isInView(clobbered())).toBe(false);
});

it("what is loaded ahead waits until the person goes there", async () => {
  const [ahead, events] = [Object.create({ get prerendering() { return true; } }) as object, new EventTarget()];
  let isShown = false;
  const shown = whenShown(ahead, events).then(() => (isShown = true));
  await new Promise((resolve) => setTimeout(resolve, 1));
  expect(isShown).toBe(false);
  events.dispatchEvent(new Event("prerenderingchange"));
  await shown;
});
