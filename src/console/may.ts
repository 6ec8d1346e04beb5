import type { Context } from "hono";
import { mayAct, type Level } from "../people/index.ts";
import type { ConsoleEnv } from "./console-env.ts";

/** Whether a page offers somebody what needs this level in its tenant. Only what is shown: the API decides by itself. */
export function may(c: Context<ConsoleEnv>, tenant: string, level: Level): boolean {
  const { person, memberships } = c.get("session");
  const place = memberships.find((one) => one.tenant === tenant);
  return person.operator || (place !== undefined && mayAct(place.role, level));
}

/** Whether the page's reader runs the gateway. */
export const isOperator = (c: Context<ConsoleEnv>): boolean => c.get("session").person.operator;
