import type { Context } from "hono";
import type { Problem } from "../../api.ts";
import type { ConsoleEnv } from "../../console-env.ts";
import { tenantPath } from "../../navigation.ts";
import { Field, Form } from "../../view/form.tsx";

/** From the least to the most: whom one invites in a hurry gets little. */
const ROLES = ["viewer", "member", "admin", "owner"] as const;

/** What a form says of a place. A team is a member's alone. */
export const placeBody = (values: Record<string, string>) => ({
  role: values["role"] ?? "",
  team: values["team"] || null,
});

interface InviteProps {
  c: Context<ConsoleEnv>;
  tenant: string;
  values: Record<string, string>;
  problem: Problem | null;
}

export const InviteForm = ({ c, tenant, values, problem }: InviteProps) => (
  <Form action={`${tenantPath(tenant, "members")}/invitations`} csrf={c.get("session").csrf}>
    <div class="fields">
      <Field name="name" label="Name" value={values["name"] ?? ""} required problem={problem} />
      <Field name="email" label="E-mail" type="email" value={values["email"] ?? ""} required problem={problem} />
      <Field
        name="role"
        label="Role"
        value={values["role"] ?? "viewer"}
        options={ROLES.map((role) => ({ value: role, label: role }))}
        hint="Viewers look; members run jobs of their team; admins manage; owners also make admins."
        problem={problem}
      />
      <Field
        name="team"
        label="Team"
        value={values["team"] ?? ""}
        hint="Of a member, who sees this team alone."
        problem={problem}
      />
    </div>
    <button>Make an invitation</button>
  </Form>
);

interface PlaceProps {
  c: Context<ConsoleEnv>;
  action: string;
  of: { name: string; role: string; team: string | null };
}

/** Role and team of one member, in a row of the table. */
export const PlaceForm = ({ c, action, of }: PlaceProps) => (
  <Form action={action} csrf={c.get("session").csrf} class="inline">
    <select name="role" aria-label={`Role of ${of.name}`}>
      {ROLES.map((role) => (
        <option value={role} {...(role === of.role && { selected: true })}>
          {role}
        </option>
      ))}
    </select>
    <input name="team" value={of.team ?? ""} aria-label={`Team of ${of.name}`} placeholder="team of a member" />
    <button class="quiet small" aria-label={`Save the place of ${of.name}`}>
      Save
    </button>
  </Form>
);
