import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { csrf } from "hono/csrf";
import { readAsset } from "./assets.ts";
import type { ConsoleEnv } from "./console-env.ts";
import { PAGES } from "./pages.ts";
import { signInPage } from "./pages/sign-in.tsx";
import { securityHeaders } from "./security-headers.ts";
import { Document } from "./view/document.tsx";
import { themeOf } from "./view/page.tsx";
import { readCsrf, withSession } from "./with-session.ts";

export type ConsoleApp = Hono<ConsoleEnv>;

/** A form has some fields; a playground's may have a picture as a data URI. */
const FORM_BYTES_MAX = 4 * 1024 * 1024;

/** The web console, under /console. The app around it sets `api` and `control` first. */
export function consoleApp(): ConsoleApp {
  const app: ConsoleApp = new Hono<ConsoleEnv>();
  app.get("/console/assets/:name", (c) => readAsset(c.req.path) ?? c.notFound());
  app.use(securityHeaders);
  // Of forms without a session, too: nobody is signed in as somebody else by another site.
  app.use(csrf());
  app.use(bodyLimit({ maxSize: FORM_BYTES_MAX }));
  app.use(readCsrf);
  signInPage(app);
  app.use("/console", withSession);
  app.use("/console/*", withSession);
  for (const register of PAGES) register(app);
  app.all("/console/*", (c) =>
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
    ),
  );
  return app;
}
