const STOPS = "a[href], button, input, select, textarea, summary, [tabindex]";

/** What a person takes two elements for the same by: they come from two answers of the server. */
const sameness = (of: Element): string =>
  [of.tagName, of.id, of.getAttribute("href"), of.getAttribute("name"), of.getAttribute("aria-label")].join("\n");

/**
 * Where the focus goes when `from` is replaced by `to`: to the same element, or to the one in its place, or to the part itself, so that
 * the next Tab goes on from there. Null: the focus is elsewhere.
 */
export function focusAfter(from: Element, to: HTMLElement): HTMLElement | null {
  const at = document.activeElement;
  if (!at || !from.contains(at)) return null;
  const before = [...from.querySelectorAll(STOPS)];
  const after = [...to.querySelectorAll<HTMLElement>(STOPS)];
  const alike = (one: Element) => sameness(one) === sameness(at);
  const same = after.filter(alike)[before.filter(alike).indexOf(at)];
  const next = same ?? after[Math.min(before.indexOf(at), after.length - 1)] ?? to;
  if (next === to) to.tabIndex = -1;
  return next;
}
