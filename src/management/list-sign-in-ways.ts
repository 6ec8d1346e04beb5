import { createRoute, z } from "@hono/zod-openapi";
import { publicAccess } from "./access.ts";
import type { ManagementApp } from "./management-app.ts";
import { answers200 } from "./responses.ts";

const SignInWays = z
  .object({
    mail: z.boolean().openapi({ description: "It can mail a link" }),
    access: z.boolean().openapi({ description: "It is behind Cloudflare Access" }),
  })
  .openapi("SignInWays");

const route = createRoute({
  method: "get",
  path: "/sign-in/ways",
  summary: "How people may sign in to this gateway",
  description: "Beside links and passkeys, which are there always.",
  tags: ["sign-in"],
  ...publicAccess,
  responses: answers200(SignInWays, "What its operator has set up"),
});

export const listSignInWays = (app: ManagementApp): void => {
  app.openapi(route, (c) => {
    const { mail, access } = c.get("services");
    return c.json({ mail: mail !== null, access: access !== null }, 200);
  });
};
