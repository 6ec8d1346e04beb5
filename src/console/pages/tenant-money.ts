import type { Context } from "hono";
import { callApi, type Answer } from "../api.ts";
import { tenantApi } from "../api-path.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { formValues } from "../form-values.ts";
import { isOperator } from "../may.ts";
import { doneAt } from "../view/done.tsx";
import { refused } from "../view/refused.tsx";
import { showTenant } from "./tenant.tsx";
import type { Audited } from "./tenants/books.tsx";
import { pricingBody } from "./tenants/pricing-form.tsx";

type Form = "pricing" | "credit";

/** Back to the tenant, or its page with why not. */
function answered(
  c: Context<ConsoleEnv>,
  answer: Answer<unknown>,
  typed?: { form: Form; values: Record<string, string> },
): Response | Promise<Response> {
  const id = c.req.param("id") ?? "";
  if (answer.ok) return c.redirect(doneAt(`/console/tenants/${id}`, "saved"), 303);
  if (!isOperator(c)) return refused(c, "Tenant", answer);
  return showTenant(c, { ...typed, problem: answer.problem }, answer.status);
}

/** What an operator does about a tenant's money: its prices, how far its credit goes, and whether its books are right. */
export const tenantMoneyPage = (app: ConsoleApp): void => {
  app.post("/console/tenants/:id/pricing", async (c) => {
    const values = await formValues(c);
    const put = await callApi(c, "PUT", tenantApi(c.req.param("id"), "pricing"), { body: pricingBody(values) });
    return answered(c, put, { form: "pricing", values });
  });

  app.post("/console/tenants/:id/credit", async (c) => {
    const values = await formValues(c);
    const body = { limit: values["limit"] ?? "" };
    return answered(c, await callApi(c, "PUT", tenantApi(c.req.param("id"), "credit"), { body }), {
      form: "credit",
      values,
    });
  });

  app.post("/console/tenants/:id/credit/delete", async (c) =>
    answered(c, await callApi(c, "DELETE", tenantApi(c.req.param("id"), "credit"))),
  );

  app.post("/console/tenants/:id/audit", async (c) => {
    const query = (await formValues(c))["full"] === "true" ? "?full=true" : "";
    const audited = await callApi<Audited>(c, "POST", tenantApi(c.req.param("id"), "audit") + query);
    return audited.ok ? showTenant(c, { audited: audited.value }) : answered(c, audited);
  });
};
