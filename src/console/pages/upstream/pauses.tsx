import type { Context } from "hono";
import type { z } from "@hono/zod-openapi";
import type { PauseSchema } from "../../../management/pause-shape.ts";
import type { Problem } from "../../api.ts";
import type { List } from "../../api-path.ts";
import type { ConsoleEnv } from "../../console-env.ts";
import { Act } from "../../view/act.tsx";
import { Field, Form } from "../../view/form.tsx";
import { Empty, Time } from "../../view/parts.tsx";
import { Table } from "../../view/table.tsx";
import { UPSTREAM_PATH } from "./upstream-path.ts";

export type Pause = z.infer<typeof PauseSchema>;

interface PausesProps {
  c: Context<ConsoleEnv>;
  pauses: List<Pause>;
  accounts: readonly string[];
  values: Record<string, string>;
  problem: Problem | null;
}

/** What is stopped, with a form that stops more. */
export const Pauses = ({ c, pauses, accounts, values, problem }: PausesProps) => (
  <>
    {pauses.data.length === 0 ? (
      <Empty title="Nothing is paused">
        <p>Every job that a key and its budgets allow is taken.</p>
      </Empty>
    ) : (
      <Table heads={["Pause", "Stops", "Reason", "By", "Since", "Change"]}>
        {pauses.data.map(({ id, scope, reason, actor, created_at }) => (
          <tr>
            <th scope="row">{id}</th>
            <td>{stops(scope)}</td>
            <td>{reason}</td>
            <td class="mono">{actor}</td>
            <td>
              <Time at={created_at} />
            </td>
            <td>
              <Act c={c} action={UPSTREAM_PATH} does="End" to={`pause ${id}`} values={{ do: "resume", pause: id }} />
            </td>
          </tr>
        ))}
      </Table>
    )}
    {pauses.next_cursor !== null && <p class="muted">There are more than these 100; the API lists them all.</p>}
    <details id="make-pause" {...(problem && { open: true })}>
      <summary>Pause new jobs</summary>
      <Form action={UPSTREAM_PATH} csrf={c.get("session").csrf} confirm="Pause? New submits that it stops are refused.">
        <input type="hidden" name="do" value="pause" />
        <div class="fields">
          <Field
            name="kind"
            label="Stop"
            value={values["kind"] ?? "account"}
            options={KINDS}
            field="scope"
            problem={problem}
          />
          <Field
            name="account"
            label="Account"
            value={values["account"] ?? ""}
            options={[...accounts, "sandbox"].map((name) => ({ value: name, label: name }))}
            hint="Where one account is stopped"
            field="scope.account"
            problem={problem}
          />
          <Field
            name="model"
            label="Model"
            value={values["model"] ?? ""}
            placeholder="kwaivgi/kling-v2.1-i2v-master"
            hint="Where one model is stopped"
            field="scope.model"
            problem={problem}
          />
          <Field
            name="pause"
            label="Name of the pause"
            value={values["pause"] ?? ""}
            hint="a-z, 0-9, _ and -; one that there is already is replaced"
            required
            field="pause_id"
            problem={problem}
          />
          <Field
            name="reason"
            label="Reason"
            value={values["reason"] ?? ""}
            hint="Shown to whoever is refused"
            required
            problem={problem}
          />
        </div>
        <p class="muted">Jobs that were admitted go on and settle. A pause lasts until it is ended.</p>
        <button class="danger">Pause</button>
      </Form>
    </details>
  </>
);

const KINDS = [
  { value: "account", label: "What goes to one account" },
  { value: "model", label: "One model" },
  { value: "gateway", label: "Everything" },
];

const stops = (scope: Pause["scope"]): string => {
  if ("model" in scope) return `model ${scope.model}`;
  return "account" in scope ? `account ${scope.account}` : "everything";
};

/** The scope that the form says, as the API has it. */
export function scopeOf({ kind, account, model }: Record<string, string>): Record<string, unknown> {
  if (kind === "gateway") return { gateway: true };
  return kind === "model" ? { model: model ?? "" } : { account: account ?? "" };
}
