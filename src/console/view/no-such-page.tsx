import type { Context } from "hono";
import { Document } from "./document.tsx";
import { themeOf } from "./page.tsx";

/** What is not there, and what is somebody else's, look the same. */
export const noSuchPage = (c: Context) =>
  c.html(
    <Document title="Not found" theme={themeOf(c)}>
      <div class="alone">
        <main>
          <h1>Not found</h1>
          <p>There is no such page, or it is not yours to see.</p>
          <p>
            <a href="/console">To the console</a>
          </p>
        </main>
      </div>
    </Document>,
    404,
  );
