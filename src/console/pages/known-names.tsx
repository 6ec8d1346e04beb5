import type { Context } from "hono";
import type { ConsoleEnv } from "../console-env.ts";
import { readChoices } from "./jobs/choices.ts";

interface KnownProps {
  c: Context<ConsoleEnv>;
  tenant: string;
}

/** For fields that name something of a tenant: a browser offers these while somebody types. */
export const KNOWN_TEAMS = "known-teams";
export const KNOWN_SCOPES = "known-scopes";

/** The tenant's teams, and with them its keys and models: once on a page with such fields. */
export const KnownNames = async ({ c, tenant }: KnownProps) => {
  const { teams, models, keyNames } = await readChoices(c, tenant);
  return (
    <>
      <datalist id={KNOWN_TEAMS}>
        {teams.map((name) => (
          <option value={name}></option>
        ))}
      </datalist>
      <datalist id={KNOWN_SCOPES}>
        {teams.map((name) => (
          <option value={name}>team</option>
        ))}
        {[...keyNames].map(([id, name]) => (
          <option value={id}>key {name}</option>
        ))}
        {models.map((id) => (
          <option value={id}>model</option>
        ))}
      </datalist>
    </>
  );
};
