import { setCookie } from "hono/cookie";
import type { ConsoleApp } from "../console-app.ts";
import { fetchApi } from "../api.ts";
import { homeOf } from "../navigation.ts";
import { themeOf } from "../view/page.tsx";

const YEAR_SECONDS = 365 * 86_400;

/** The way in, the way out, and how it looks. */
export const homePage = (app: ConsoleApp): void => {
  app.get("/console", (c) => c.redirect(homeOf(c.get("session")), 303));

  app.post("/console/sign-out", async (c) => {
    const ended = await fetchApi(c, "DELETE", "/v1/sessions/current");
    for (const cookie of ended.headers.getSetCookie()) c.header("set-cookie", cookie, { append: true });
    return c.redirect("/console/sign-in", 303);
  });

  // As the system has it, then light, then dark: a cookie that is read by the server alone, so that no page flickers.
  app.post("/console/theme", (c) => {
    const next = { none: "light", light: "dark", dark: "" }[themeOf(c) ?? "none"];
    setCookie(c, "wavegate_theme", next, {
      path: "/console",
      sameSite: "Lax",
      httpOnly: true,
      maxAge: next ? YEAR_SECONDS : 0,
    });
    const from = URL.parse(c.req.header("referer") ?? "");
    const isOwn = from?.origin === new URL(c.req.url).origin && /^\/console(\/|$)/.test(from.pathname);
    return c.redirect(from && isOwn ? from.pathname + from.search : "/console", 303);
  });
};
