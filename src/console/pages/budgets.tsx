import type { Context } from "hono";
import { callApi, type Problem } from "../api.ts";
import { tenantApi } from "../api-path.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { formValues } from "../form-values.ts";
import { may } from "../may.ts";
import { tenantPath } from "../navigation.ts";
import { refusalOf } from "../slug-problem.ts";
import { Done, doneAt } from "../view/done.tsx";
import { Page } from "../view/page.tsx";
import { Empty, ProblemNotice } from "../view/parts.tsx";
import { refused, statusOf } from "../view/refused.tsx";
import { BudgetCard } from "./budgets/budget-card.tsx";
import { budgetBody, BudgetForm, valuesOfBudget, type Budget, type BudgetValues } from "./budgets/budget-form.tsx";
import { Preview, type Previewed } from "./budgets/preview.tsx";
import { ReplayCard } from "./budgets/replay.tsx";

interface ListProps {
  c: Context<ConsoleEnv>;
  tenant: string;
  budgets: Budget[];
  problem?: Problem | null;
}

const BudgetList = ({ c, tenant, budgets, problem = null }: ListProps) => {
  const make = may(c, tenant, "manage") && (
    <a href={`${tenantPath(tenant, "budgets")}/edit`} role="button">
      Make a budget
    </a>
  );
  return (
    <Page c={c} title="Budgets" lead="A job must fit every budget that binds it, all at once." actions={make}>
      <Done c={c} />
      {problem && <ProblemNotice problem={problem} />}
      {budgets.length === 0 ? (
        <article>
          <Empty title="There is no budget here">
            <p>What was not given cannot be spent: a tenant needs a budget as a whole, or credit, from its operator.</p>
          </Empty>
        </article>
      ) : (
        <div class="two">
          {budgets.map((budget) => (
            <BudgetCard c={c} tenant={tenant} of={budget} />
          ))}
        </div>
      )}
    </Page>
  );
};

interface EditProps {
  c: Context<ConsoleEnv>;
  tenant: string;
  values: BudgetValues;
  isNew: boolean;
  problem?: Problem | null;
  preview?: Previewed | null;
}

const EditBudget = ({ c, tenant, values, isNew, problem = null, preview = null }: EditProps) => (
  <Page
    c={c}
    title={isNew ? "Make a budget" : `Change budget ${values["id"] ?? ""}`}
    lead="It counts at once what its current window has captured and holds."
  >
    {problem && <ProblemNotice problem={problem} />}
    <article>
      <BudgetForm c={c} tenant={tenant} values={values} problem={problem} isNew={isNew} isShown={preview !== null} />
    </article>
    {preview && <Preview of={preview} />}
    {preview && <ReplayCard tenant={tenant} of={preview.replay} />}
    <p>
      <a href={tenantPath(tenant, "budgets")}>Back, without a change</a>
    </p>
  </Page>
);

/** All budgets of a tenant are read at once: there are few, and each is a card. */
const read = (c: Context<ConsoleEnv>, tenant: string) =>
  callApi<{ budgets: Budget[] }>(c, "GET", tenantApi(tenant, "balance"));

export const budgetsPage = (app: ConsoleApp): void => {
  app.get("/console/t/:tenant/budgets", async (c) => {
    const { tenant } = c.req.param();
    const found = await read(c, tenant);
    if (!found.ok) return refused(c, "Budgets", found);
    return c.html(<BudgetList c={c} tenant={tenant} budgets={found.value.budgets} />);
  });

  app.get("/console/t/:tenant/budgets/edit", async (c) => {
    const { tenant } = c.req.param();
    const found = await read(c, tenant);
    if (!found.ok) return refused(c, "Budgets", found);
    if (!may(c, tenant, "manage")) return refused(c, "Budgets", NOT_YOURS);
    const id = c.req.query("id");
    const budget = found.value.budgets.find((one) => one.id === id);
    if (id !== undefined && !budget) return refused(c, "Budgets", { ...NOT_YOURS, status: 404 });
    const values = budget ? valuesOfBudget(budget) : {};
    return c.html(<EditBudget c={c} tenant={tenant} values={values} isNew={!budget} />);
  });

  app.post("/console/t/:tenant/budgets/edit", async (c) => {
    const { tenant } = c.req.param();
    const values = await formValues(c);
    const shared = { c, tenant, values, isNew: values["new"] === "yes" };
    const path = tenantApi(tenant, "budgets", values["id"] || " ");
    const body = budgetBody(values);
    const named = { field: "budget_id", id: values["id"] ?? "", isHere: may(c, tenant, "manage") };
    const again = (wrong: { status: number; problem: Problem }) =>
      wrong.status === 404
        ? refused(c, "Budgets", wrong)
        : c.html(<EditBudget {...shared} problem={wrong.problem} />, statusOf(wrong.status));
    if (values["do"] === "save") {
      const put = await callApi<Budget>(c, "PUT", path, { body });
      return put.ok ? c.redirect(doneAt(tenantPath(tenant, "budgets"), "saved"), 303) : again(refusalOf(put, named));
    }
    const shown = await callApi<Previewed>(c, "POST", `${path}/preview`, { body });
    return shown.ok ? c.html(<EditBudget {...shared} preview={shown.value} />) : again(refusalOf(shown, named));
  });

  app.post("/console/t/:tenant/budgets/delete", async (c) => {
    const { tenant } = c.req.param();
    const { id = "" } = await formValues(c);
    const deleted = await callApi(c, "DELETE", tenantApi(tenant, "budgets", id || " "));
    if (deleted.ok) return c.redirect(doneAt(tenantPath(tenant, "budgets"), "deleted"), 303);
    const found = await read(c, tenant);
    if (!found.ok) return refused(c, "Budgets", found);
    const list = { c, tenant, budgets: found.value.budgets, problem: deleted.problem };
    return c.html(<BudgetList {...list} />, statusOf(deleted.status));
  });
};

const NOT_YOURS = {
  status: 403,
  problem: { code: "forbidden", detail: "An owner or admin changes budgets.", errors: [], details: {} },
};
