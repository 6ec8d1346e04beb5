import type { Context, MiddlewareHandler, Next } from "hono";
import { TenantIdField } from "../management/fields.ts";
import type { ConsoleEnv } from "./console-env.ts";
import { noSuchPage } from "./view/no-such-page.tsx";

/** The one place that looks at an address's tenant: pages put it into the API's addresses, and what is no id names no tenant. */
export const withTenantId: MiddlewareHandler<ConsoleEnv> = async (c: Context<ConsoleEnv>, next: Next) =>
  TenantIdField.safeParse(c.req.param("tenant")).success ? next() : noSuchPage(c);

/** Whether an address leads where it says: with dot segments (a part of it was "..") or a fragment it leads elsewhere. */
export const isPlainPath = (path: string): boolean =>
  new URL(path, "http://console").pathname === path.split("?", 1)[0];
