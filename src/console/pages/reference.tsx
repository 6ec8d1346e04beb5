import type { ConsoleApp } from "../console-app.ts";
import { Document, Logo } from "../view/document.tsx";
import { themeOf } from "../view/page.tsx";
import { CallArticle } from "./reference/call-article.tsx";
import { callsByTag, type Call, type OpenApi } from "./reference/open-api.ts";

/** /docs: the API's description as a page, for everybody. What programs read is at /openapi.json. */
export const referencePage = (app: ConsoleApp): void => {
  app.get("/docs", async (c) => {
    const api = await c.get("describe")();
    const calls = callsByTag(api);
    const gateway = new URL(c.req.url).origin;
    c.header("cache-control", "public, max-age=60");
    return c.html(
      <Document title="API reference" theme={themeOf(c)}>
        <a class="skip" href="#content">
          Skip to content
        </a>
        <div class="frame">
          <aside class="side">
            <div class="inside">
              <a class="brand" href="/console">
                <Logo />
                wavegate
              </a>
              <Contents calls={calls} />
            </div>
          </aside>
          <main class="page" id="content" tabindex={-1}>
            <Introduction api={api} gateway={gateway} />
            {[...calls].map(([tag, all]) => (
              <section aria-labelledby={`tag-${tag}`}>
                <h2 id={`tag-${tag}`}>{titleOf(tag)}</h2>
                {all.map((call) => (
                  <CallArticle call={call} api={api} gateway={gateway} />
                ))}
              </section>
            ))}
          </main>
        </div>
      </Document>,
    );
  });
};

const titleOf = (tag: string): string => tag.charAt(0).toUpperCase() + tag.slice(1);

const Contents = ({ calls }: { calls: Map<string, Call[]> }) => (
  <nav aria-label="Calls">
    <ul>
      {[...calls.keys()].map((tag) => (
        <li>
          <a href={`#tag-${tag}`}>{titleOf(tag)}</a>
        </li>
      ))}
    </ul>
  </nav>
);

const Introduction = ({ api, gateway }: { api: OpenApi; gateway: string }) => (
  <>
    <div class="head">
      <div>
        <h1>API reference</h1>
        <p>
          Base URL <code>{gateway}</code>. For programs: <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1).
        </p>
      </div>
    </div>
    <article>
      <p>{api.info.description}</p>
      <p>
        Send a key as <code>Authorization: Bearer ...</code>: <code>wg_mgmt_...</code> is an operator's,{" "}
        <code>wg_live_...</code> and <code>wg_test_...</code> are a tenant's. People call with their console session,
        and each change by a session needs the header <code>x-wavegate-csrf</code>. Lists answer <code>data</code> and{" "}
        <code>next_cursor</code>; fields that are not listed are refused.
      </p>
    </article>
  </>
);
