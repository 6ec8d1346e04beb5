import type { Context } from "hono";
import type { Child } from "hono/jsx";
import type { ConsoleEnv } from "../../console-env.ts";
import { may } from "../../may.ts";
import { tenantPath } from "../../navigation.ts";
import { Badge } from "../../view/parts.tsx";

interface SetupStepsProps {
  c: Context<ConsoleEnv>;
  tenant: string;
  hasBudget: boolean;
  hasKey: boolean;
}

/** What there is to do before there is something to see. */
export const SetupSteps = ({ c, tenant, hasBudget, hasKey }: SetupStepsProps) => {
  const manages = may(c, tenant, "manage");
  return (
    <article>
      <h2>Three steps to the first video</h2>
      <ol class="steps">
        <Step title="Make a budget" isDone={hasBudget} {...(manages && { href: tenantPath(tenant, "budgets") })}>
          Nothing can cost more than it says, whatever runs at once.
        </Step>
        <Step title="Make a key" isDone={hasKey} {...(manages && { href: tenantPath(tenant, "keys") })}>
          Programs send it in place of WaveSpeed's.
        </Step>
        <Step
          title="Run something in the playground"
          isDone={false}
          {...(may(c, tenant, "run") && { href: tenantPath(tenant, "playground") })}
        >
          In the sandbox it costs nothing.
        </Step>
      </ol>
    </article>
  );
};

/** Without `href`: somebody else has to do it. */
const Step = (props: { title: string; isDone: boolean; href?: string; children?: Child }) => (
  <li>
    <strong>{props.href ? <a href={props.href}>{props.title}</a> : props.title}</strong>{" "}
    {props.isDone && <Badge tone="good">Done</Badge>}
    <br />
    <span class="muted">{props.children}</span>
  </li>
);
