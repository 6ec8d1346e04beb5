import { z } from "@hono/zod-openapi";
import type { StoredTeam } from "../people/index.ts";
import { InstantOut, LabelField, TenantIdField, toInstantOrNull } from "./fields.ts";

export const TeamParams = z.object({ tenant: TenantIdField, team: LabelField });

export const TeamSchema = z
  .object({
    name: z.string(),
    description: z.string().nullable().openapi({ description: "null: nobody described it, but keys name it" }),
    keys: z.number().int().openapi({ description: "Keys that name it and are not revoked" }),
    created_at: InstantOut.nullable(),
  })
  .openapi("Team");

export type TeamOut = z.infer<typeof TeamSchema>;

/** The teams that people described, and those that keys name, by name. */
export function mergeTeams(
  described: readonly StoredTeam[],
  keys: readonly { team: string | null; revokedAt: number | null }[],
): TeamOut[] {
  const counts = new Map<string, number>();
  for (const { team, revokedAt } of keys) {
    if (team !== null && revokedAt === null) counts.set(team, (counts.get(team) ?? 0) + 1);
  }
  const byName = new Map(described.map((team) => [team.name, team]));
  const names = [...new Set([...byName.keys(), ...counts.keys()])].toSorted();
  return names.map((name) => ({
    name,
    description: byName.get(name)?.description ?? null,
    keys: counts.get(name) ?? 0,
    created_at: toInstantOrNull(byName.get(name)?.createdAt ?? null),
  }));
}
