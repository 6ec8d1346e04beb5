import { createRoute, z } from "@hono/zod-openapi";
import { operatorAccess } from "./access.ts";
import { AccountSchema, toAccount } from "./account-shape.ts";
import type { ManagementApp } from "./management-app.ts";
import { answers200 } from "./responses.ts";

const route = createRoute({
  method: "get",
  path: "/accounts",
  summary: "Show the upstream accounts: limits, load, queue and circuit",
  description: "All of them, since there are 16 at most, in the order of the configuration. No key is shown.",
  tags: ["accounts"],
  ...operatorAccess,
  responses: answers200(z.object({ data: z.array(AccountSchema) }), "The accounts"),
});

export const listAccounts = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { accounts, account } = c.get("services");
    const data = await Promise.all(
      accounts.map(async (settings) => toAccount(settings, await account(settings.name).status(settings.name))),
    );
    return c.json({ data }, 200);
  });
};
