import { focusAfter } from "./live/keep-focus.ts";

/**
 * Keeps parts of a page up to date without a reload: what bears `data-live="seconds"` and an id is read again from the page's own
 * address and put in its place, unless somebody is at work in it. Nothing is asked while nobody looks, and less after failures.
 */
const WAIT_MS_MAX = 60_000;

function parts(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-live][id]")];
}

const isBusy = (part: HTMLElement): boolean =>
  part.contains(document.activeElement) && /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? "");

/** Parts as the server sent them: in the page they change, as when a chart is drawn into one. Made before that is. */
const served = new Map(parts().map((part) => [part.id, part.outerHTML]));

/** What people opened stays open. */
function keepOpen(from: HTMLElement, to: Element): void {
  const open = new Set([...from.querySelectorAll("details[open][id]")].map(({ id }) => id));
  for (const detail of to.querySelectorAll("details[id]")) if (open.has(detail.id)) detail.setAttribute("open", "");
}

async function refresh(): Promise<boolean> {
  const response = await fetch(location.href, { headers: { accept: "text/html" }, redirect: "error" });
  if (!response.ok) return false;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const part of parts()) {
    const next = page.getElementById(part.id);
    if (!next || isBusy(part) || next.outerHTML === served.get(part.id)) continue;
    served.set(part.id, next.outerHTML);
    keepOpen(part, next);
    const focused = focusAfter(part, next);
    part.replaceWith(next);
    focused?.focus({ preventScroll: true });
  }
  document.dispatchEvent(new CustomEvent("wavegate:refreshed"));
  return true;
}

let failures = 0;

function wait(): void {
  const seconds = Math.min(...parts().map((part) => Number(part.dataset["live"]) || 5));
  if (!Number.isFinite(seconds)) return;
  setTimeout(() => void turn(), Math.min(WAIT_MS_MAX, seconds * 1_000 * 2 ** failures));
}

async function turn(): Promise<void> {
  // What a question is about stays where it is until it is answered.
  if (!document.hidden && !document.querySelector("dialog[open]")) {
    const isDone = await refresh().catch(() => false);
    failures = isDone ? 0 : Math.min(6, failures + 1);
  }
  wait();
}

wait();
