import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { csrf } from "hono/csrf";
import { readAsset } from "./assets.ts";
import type { ConsoleEnv } from "./console-env.ts";
import { PAGES } from "./pages.ts";
import { referencePage } from "./pages/reference.tsx";
import { signInPage } from "./pages/sign-in.tsx";
import { withTenantId } from "./plain-path.ts";
import { securityHeaders } from "./security-headers.ts";
import { noSuchPage } from "./view/no-such-page.tsx";
import { readCsrf, withSession } from "./with-session.ts";

export type ConsoleApp = Hono<ConsoleEnv>;

/** A form has some fields; a playground's may have a picture as a data URI. */
const FORM_BYTES_MAX = 4 * 1024 * 1024;

/** The web console, under /console. The app around it sets `api`, `describe` and `sessions` first. */
export function consoleApp(): ConsoleApp {
  const app: ConsoleApp = new Hono<ConsoleEnv>();
  app.get("/console/assets/:name", (c) => readAsset(c.req.path) ?? c.notFound());
  app.use(securityHeaders);
  // Of forms without a session, too: nobody is signed in as somebody else by another site.
  app.use(csrf());
  app.use(bodyLimit({ maxSize: FORM_BYTES_MAX }));
  app.use(readCsrf);
  referencePage(app);
  signInPage(app);
  app.use("/console", withSession);
  app.use("/console/*", withSession);
  for (const path of ["/console/t/:tenant/*", "/console/tenants/:tenant"]) app.use(path, withTenantId);
  for (const register of PAGES) register(app);
  app.all("/console/*", noSuchPage);
  return app;
}
