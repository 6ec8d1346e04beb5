import type { Context, MiddlewareHandler } from "hono";
import type { ManagementApp } from "./management-app.ts";
import type { ManagementEnv, Services } from "./services.ts";

/** What a read from within finds, which has no app around it that would set it. */
const carried = new WeakMap<Request, Services>();

/** Headers that say who asks, and from where. */
const WHO = ["authorization", "cookie", "cf-connecting-ip"];

/** Gives a read from within the services of the call that makes it. */
export const innerServices: MiddlewareHandler<ManagementEnv> = async (c, next) => {
  const services = carried.get(c.req.raw);
  if (services) c.set("services", services);
  await next();
};

/** Makes a GET of this API for whoever makes the call. `path`: without /v1. Answers null unless it succeeds. */
export async function innerRead(app: ManagementApp, c: Context<ManagementEnv>, path: string): Promise<unknown> {
  const headers = new Headers();
  for (const name of WHO) {
    const value = c.req.header(name);
    if (value !== undefined) headers.set(name, value);
  }
  const request = new Request(`http://wavegate${path}`, { headers });
  carried.set(request, c.get("services"));
  const response = await app.fetch(request, c.env);
  return response.status === 200 ? response.json() : (await response.body?.cancel(), null);
}
