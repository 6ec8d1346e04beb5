import type { Context } from "hono";
import type { ConsoleEnv } from "../console-env.ts";
import { Form } from "./form.tsx";

interface ActProps {
  c: Context<ConsoleEnv>;
  action: string;
  /** The button's word. */
  does: string;
  /** To what, for whoever hears the button alone. */
  to: string;
  values?: Record<string, string>;
  confirm?: string;
}

/** One button that does one thing to one row; what asks first is what cannot be undone. */
export const Act = ({ c, action, does, to, values = {}, confirm }: ActProps) => (
  <Form action={action} csrf={c.get("session").csrf} class="inline" {...(confirm && { confirm })}>
    {Object.entries(values).map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
    <button class={`${confirm ? "danger" : "quiet"} small`} aria-label={`${does} ${to}`}>
      {does}
    </button>
  </Form>
);
