import type { Child } from "hono/jsx";
import type { Problem } from "../api.ts";

type Tone = "good" | "bad" | "warn" | "plain";

const toneClass = (base: string, tone: Tone): string => (tone === "plain" ? base : `${base} ${tone}`);

export const Badge = ({ tone = "plain", children }: { tone?: Tone; children?: Child }) => (
  <span class={toneClass("badge", tone)}>{children}</span>
);

/** Something to be read first. Screen readers say it at once. */
export const Notice = ({ tone = "plain", children }: { tone?: Tone; children?: Child }) => (
  <div class={toneClass("notice", tone)} role={tone === "bad" ? "alert" : "status"}>
    {children}
  </div>
);

/** Why the API refused. Fields that are on the page's form say their own. */
export const ProblemNotice = ({ problem }: { problem: Problem }) => (
  <Notice tone="bad">
    <p>{problem.detail}</p>
  </Notice>
);

/** What a list says that has nothing, and what to do about it. */
export const Empty = ({ title, children }: { title: string; children?: Child }) => (
  <div class="empty">
    <p>
      <strong>{title}</strong>
    </p>
    {children}
  </div>
);

/** A number that matters, with what it means below. In a `<dl class="grid-stats">`. */
export const Stat = ({ label, value, note }: { label: string; value: Child; note?: Child }) => (
  <div class="stat">
    <dt>{label}</dt>
    <dd class="value">{value}</dd>
    {note !== undefined && <dd class="note">{note}</dd>}
  </div>
);

/** One thing that is known of something. In a `<dl class="facts">`. */
export const Fact = ({ label, children }: { label: string; children?: Child }) => (
  <>
    <dt>{label}</dt>
    <dd>{children}</dd>
  </>
);

/** An instant as a person reads it, with the exact one for programs. `at`: RFC 3339. */
export const Time = ({ at }: { at: string | null }) =>
  at === null ? (
    <span class="muted">–</span>
  ) : (
    <time datetime={at} title={at} class="nowrap">
      {at.slice(0, 16).replace("T", " ")}
    </time>
  );

/** Links to the next page of a list; nothing where there is none. */
export const Pager = ({ url, cursor }: { url: URL; cursor: string | null }) => {
  const first = new URL(url);
  first.searchParams.delete("cursor");
  const next = new URL(first);
  if (cursor !== null) next.searchParams.set("cursor", cursor);
  const isFirst = !url.searchParams.has("cursor");
  return isFirst && cursor === null ? null : (
    <nav class="pager" aria-label="Pages of the list">
      {!isFirst && <a href={first.pathname + first.search}>First page</a>}
      {cursor !== null && (
        <a href={next.pathname + next.search} rel="next">
          Next page
        </a>
      )}
    </nav>
  );
};

/** A secret that is shown this once, with a button that copies it. */
export const Secret = ({ id, label, value }: { id: string; label: string; value: string }) => (
  <div class="field">
    <label for={id}>{label}</label>
    <div class="secret">
      <input id={id} readonly value={value} />
      <button type="button" class="quiet" data-copy={id}>
        Copy
      </button>
    </div>
  </div>
);
