import type { Context, MiddlewareHandler } from "hono";
import { getCookie } from "hono/cookie";
import { SESSION_COOKIE } from "../people/index.ts";
import type { ConsoleEnv } from "./console-env.ts";

/** Lets in who is signed in; anybody else is sent to sign in, and then back. */
export const withSession: MiddlewareHandler<ConsoleEnv> = async (c, next) => {
  const session = await c.get("sessions").find(getCookie(c, SESSION_COOKIE) ?? "");
  if (!session) return c.redirect(`/console/sign-in?next=${encodeURIComponent(backTo(c))}`, 303);
  c.set("session", session);
  c.header("cache-control", "no-store");
  return next();
};

/** With the filters of the address. After a form there is no way back to where it was sent. */
const backTo = (c: Context): string => (c.req.method === "GET" ? c.req.path + new URL(c.req.url).search : "/console");

/** A place in the console to go on to; anywhere else is not gone to. */
export const safeNext = (next: string | undefined): string =>
  next !== undefined && /^\/console(\/[\w./-]*)?(\?[\w=&%.+~:*-]*)?$/.test(next) && !/\/\/|\.\./.test(next)
    ? next
    : "/console";

/** Reads the token that a form sent, for the API to compare. The pages behind it read the rest of the form. */
export const readCsrf: MiddlewareHandler<ConsoleEnv> = async (c, next) => {
  const form = c.req.method === "POST" ? await c.req.parseBody() : {};
  const sent = form["csrf"];
  c.set("csrfSent", typeof sent === "string" ? sent : "");
  return next();
};
