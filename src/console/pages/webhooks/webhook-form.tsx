import type { Context } from "hono";
import type { z } from "@hono/zod-openapi";
import type { Problem } from "../../api.ts";
import type { ConsoleEnv } from "../../console-env.ts";
import { checkedOf } from "../../form-lists.ts";
import type { WebhookSchema } from "../../../management/webhook-shape.ts";
import { Checks } from "../../view/checks.tsx";
import { Field, Form } from "../../view/form.tsx";

export type Webhook = z.infer<typeof WebhookSchema>;

const EVENTS = ["job.completed", "job.failed", "job.cancelled", "job.expired"] as const;

/** The API's body of what a form says. */
export const webhookBody = (values: Record<string, string>) => ({
  url: values["url"] ?? "",
  events: checkedOf(values, "events", EVENTS),
  mode: values["mode"] || null,
  signature: values["signature"] ?? "standard",
  description: values["description"] ?? "",
});

/** An endpoint's fields as its form has them. */
export const valuesOfWebhook = ({ url, description, mode, signature, events }: Webhook): Record<string, string> => ({
  url,
  description,
  mode: mode ?? "",
  signature,
  ...Object.fromEntries(events.map((event) => [`events.${event}`, "on"])),
});

interface FormProps {
  c: Context<ConsoleEnv>;
  action: string;
  /** Null: nothing was typed, and every event is chosen. */
  values: Record<string, string> | null;
  problem: Problem | null;
  /** The button's words. */
  does: string;
}

export const WebhookForm = ({ c, action, values, problem, does }: FormProps) => (
  <Form action={action} csrf={c.get("session").csrf}>
    <div class="fields">
      <Field
        name="url"
        label="URL"
        type="url"
        value={values?.["url"] ?? ""}
        placeholder="https://hooks.example.com/wavegate"
        required
        problem={problem}
        hint="https, on port 443, with a public name."
      />
      <Field name="description" label="Description" value={values?.["description"] ?? ""} problem={problem} />
      <Field name="mode" label="Hears of" value={values?.["mode"] ?? ""} options={MODES} problem={problem} />
      <Field
        name="signature"
        label="Signature"
        value={values?.["signature"] ?? "standard"}
        options={SIGNATURES}
        problem={problem}
      />
    </div>
    <Checks
      legend="Events"
      name="events"
      options={EVENTS}
      chosen={values ? checkedOf(values, "events", EVENTS) : EVENTS}
      problem={problem}
    />
    <button>{does}</button>
  </Form>
);

const MODES = [
  { value: "", label: "Live and sandbox jobs" },
  { value: "live", label: "Live jobs" },
  { value: "test", label: "Sandbox jobs" },
];

const SIGNATURES = [
  { value: "standard", label: "Standard Webhooks" },
  { value: "wavespeed", label: "WaveSpeed's own" },
];
