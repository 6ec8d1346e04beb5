import { z } from "@hono/zod-openapi";

/** Of every call that signs somebody out everywhere. */
export const SignOutQuery = z.strictObject({
  passkeys: z.enum(["true", "false"]).default("false").openapi({
    description: "true: the passkeys are deleted, too, so that nothing that was set up lets the person in",
  }),
});

export const SignedOutSchema = z
  .object({
    sessions: z.number().int(),
    links: z.number().int().openapi({ description: "Open sign-in links that ended" }),
    passkeys: z.number().int(),
  })
  .openapi("SignedOut");
