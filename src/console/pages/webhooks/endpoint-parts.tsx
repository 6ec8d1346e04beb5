import type { Context } from "hono";
import type { ConsoleEnv } from "../../console-env.ts";
import { tenantPath } from "../../navigation.ts";
import { Act } from "../../view/act.tsx";
import { Badge, Time } from "../../view/parts.tsx";
import type { Webhook } from "./webhook-form.tsx";

const WHY = {
  operator: "switched off by a person",
  gone: "it answered 410 Gone",
  failing: "it failed for too long",
} as const;

/** Whether an endpoint is sent to, and if not, why. */
export const EndpointState = ({ of }: { of: Webhook }) => (
  <>
    {of.disabled_reason === null ? (
      <Badge tone="good">enabled</Badge>
    ) : (
      <>
        <Badge tone="bad">disabled</Badge> <small class="muted">{WHY[of.disabled_reason]}</small>
      </>
    )}
    {of.failing_since !== null && (
      <small class="muted line">
        failing since <Time at={of.failing_since} />
      </small>
    )}
  </>
);

export const jobsHeard = ({ mode }: Webhook): string =>
  mode === null ? "live, sandbox" : mode === "test" ? "sandbox" : "live";

interface ActsProps {
  c: Context<ConsoleEnv>;
  tenant: string;
  of: Webhook;
}

/** What is done to an endpoint with one press. */
export const EndpointActs = ({ c, tenant, of }: ActsProps) => {
  const path = `${tenantPath(tenant, "webhooks")}/${of.id}`;
  return (
    <div class="inline">
      <Act c={c} action={`${path}/test`} does="Test" to={of.url} />
      <Act
        c={c}
        action={`${path}/enabled`}
        does={of.enabled ? "Disable" : "Enable"}
        to={of.url}
        values={{ enabled: of.enabled ? "" : "yes" }}
      />
      <Act c={c} action={`${path}/delete`} does="Delete" to={of.url} confirm={`Delete the endpoint ${of.url}?`} />
    </div>
  );
};
