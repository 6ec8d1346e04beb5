import { createRoute, z } from "@hono/zod-openapi";
import { operatorAccess } from "./access.ts";
import { AccountSchema, toAccount } from "./account-shape.ts";
import { SlugField } from "./fields.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";

const route = createRoute({
  method: "post",
  path: "/accounts/{account}/check",
  summary: "Read an upstream account's balance now, and open or close its circuit by it",
  description: "For when its key or funds were put in order; the gateway looks by itself every minute at the latest.",
  tags: ["accounts"],
  ...operatorAccess,
  request: { params: z.object({ account: SlugField }) },
  responses: answers200(AccountSchema, "The account as it is now"),
});

export const checkAccount = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { accounts, account } = c.get("services");
    const { account: name } = c.req.valid("param");
    const settings = accounts.find((one) => one.name === name);
    if (!settings) return refuse(c, { code: "not_found", message: `there is no upstream account ${name}` });
    return c.json(toAccount(settings, await account(name).check(name)), 200);
  });
};
