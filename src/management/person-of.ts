import type { Context } from "hono";
import type { Refusal } from "../errors/catalogue.ts";
import type { Granter, Session } from "../people/index.ts";
import { isOperator, type ManagementEnv } from "./services.ts";

/** Whose session a call was made with; null: it came with a key. */
export function personOf(c: Context<ManagementEnv>): Session | null {
  const principal = c.get("principal");
  return principal.kind === "person" ? principal.session : null;
}

/** As whom the caller gives and takes roles in the path's tenant; null: as nobody. */
export function granterOf(c: Context<ManagementEnv>): Granter | null {
  const principal = c.get("principal");
  if (isOperator(principal)) return "operator";
  return principal.kind === "person" ? (principal.place?.role ?? null) : null;
}

/** A call for people that another caller reached: its guard let nobody else in. */
export const NOT_A_PERSON: Refusal = {
  code: "forbidden",
  message: "this call is for people: it needs a console session",
};

export const notGranted = (role: string): Refusal => ({
  code: "forbidden",
  message: `you may not give, change or take away the role ${role} in this tenant`,
});
