/** `gallery.html?view=NAME&theme=light|dark&dir=ltr|rtl`; without a view, the list of them. */

import { VIEWS } from "../gallery.tsx";
import { show } from "../show.tsx";

const query = new URLSearchParams(location.search);
const view = query.get("view") ?? "";

function List() {
  return (
    <main class="welcome">
      <h1>Gallery</h1>
      <ul class="stack-s">
        {Object.keys(VIEWS).map((name) => (
          <li key={name}>
            <a href={`?view=${name}`}>{name}</a>
          </li>
        ))}
      </ul>
    </main>
  );
}

await show(VIEWS[view]?.() ?? <List />);
document.documentElement.dataset["theme"] = query.get("theme") ?? "light";
document.documentElement.dir = query.get("dir") ?? "ltr";
document.body.className = view.startsWith("popup") ? "popup" : "";
Object.assign(globalThis, { galleryViews: Object.keys(VIEWS) });
