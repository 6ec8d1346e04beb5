import type { Page } from "playwright-core";

const STOPS_MAX = 80;

/** What has the focus: its words, and whether a person can see that it does. */
export interface Focused {
  tag: string;
  name: string;
  isSeen: boolean;
  isOnScreen: boolean;
}

const READ = `(() => {
  const at = document.activeElement ?? document.body;
  const style = getComputedStyle(at);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const box = at.getBoundingClientRect();
  const label = at.labels?.[0]?.textContent;
  const name = at.getAttribute("aria-label") ?? label ?? at.textContent ?? "";
  return {
    tag: at.tagName,
    name: name.trim().replace(/\\s+/g, " "),
    isSeen: ring || style.boxShadow !== "none",
    isOnScreen: box.width > 0 && box.right > 0 && box.bottom > 0 && box.left < innerWidth,
  };
})()`;

export const focused = async (page: Page): Promise<Focused> => (await page.evaluate(READ)) as Focused;

/** A person without a mouse. Every stop on the way must be seen; one that is not is kept in `unseen`. */
export function keyboardOf(page: Page) {
  const unseen: string[] = [];

  /** Tab, until what has this name has the focus. */
  const tabTo = async (name: RegExp, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> => {
    const passed: string[] = [];
    for (let stops = 0; stops < STOPS_MAX; stops++) {
      await page.keyboard.press(key);
      const at = await focused(page);
      if (at.tag !== "BODY" && !(at.isSeen && at.isOnScreen))
        unseen.push(`${new URL(page.url()).pathname}: ${at.tag} ${at.name}`);
      passed.push(`${at.tag} ${at.name.slice(0, 40)}`);
      if (name.test(at.name)) return;
    }
    throw new Error(`${STOPS_MAX} stops, and none is ${name}: ${passed.join(" | ")}`);
  };

  /** The same, then Enter, then until the address is this one. */
  const follow = async (name: RegExp, to: RegExp): Promise<void> => {
    await tabTo(name);
    await Promise.all([page.waitForURL(to), page.keyboard.press("Enter")]);
  };

  /** Into the field that has the focus, instead of what is there. */
  const type = async (text: string): Promise<void> => {
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.type(text);
  };

  return { unseen, tabTo, follow, type, press: (key: string) => page.keyboard.press(key) };
}
