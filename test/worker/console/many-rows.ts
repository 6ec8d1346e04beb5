import { control } from "../management/api.ts";

const SEQUENCE = "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?1)";
const AT = "1764000000000 + i";

/** What a gateway has beside jobs after years: each row's number is `i`. ?2: the tenant with most of it. */
const SEEDED: readonly { rows: number; sql: string }[] = [
  {
    rows: 5_000,
    sql: `INSERT INTO tenants (id, name, time_zone, created_at) SELECT printf('%012x', i + 9437184), 'Tenant ' || i, 'UTC', ${AT} FROM n WHERE ?2 <> ''`,
  },
  {
    rows: 10_000,
    sql: `INSERT INTO people (id, email, name, operator, created_at)
      SELECT printf('%016x', i), 'p' || i || '@example.com', 'Person ' || i, 0, ${AT} FROM n WHERE ?2 <> ''`,
  },
  {
    rows: 500,
    sql: `INSERT INTO memberships (tenant, person, role, team, created_at)
      SELECT ?2, printf('%016x', i), 'member', 'team_' || (i % 50), ${AT} FROM n`,
  },
  {
    rows: 300,
    sql: `INSERT INTO teams (tenant, name, description, created_at) SELECT ?2, 'team_' || i, '', ${AT} FROM n`,
  },
  {
    rows: 200,
    sql: `INSERT INTO sign_in_links (hash, id, kind, email, name, proves_email, tenant, role, made_by, created_at, expires_at)
      SELECT 'hash ' || i, printf('%016x', i), 'invitation', 'i' || i || '@example.com', 'Invited ' || i, 0, ?2, 'member',
        'operator:x', ${AT}, 4000000000000 FROM n`,
  },
  {
    rows: 1_000,
    sql: `INSERT INTO alerts (id, kind, subject, message, first_at, last_at)
      SELECT printf('%016x', i), 'kind_' || (i % 20), ?2 || i, 'seen', ${AT}, ${AT} FROM n`,
  },
  {
    rows: 1_500,
    sql: `INSERT INTO catalogue_models (model, type, description, base_price, formula, request_schema, schema_hash, hash,
        first_seen_at, changed_at)
      SELECT 'vendor/model-' || i, 'text-to-video', ?2, '0.1', '0.1', '{"type":"object","properties":{}}', 'h', 'h', ${AT}, ${AT} FROM n`,
  },
  {
    // As many as a week may have.
    rows: 33_600,
    sql: `INSERT INTO refused_sign_ins (hour, source, way, reason, tries, last_at)
      SELECT 1764000000000 + (i / 200) * 3600000, '10.0.0.' || (i % 200) || ?2, 'link', 'used_up', 3, ${AT} FROM n`,
  },
  ...["?2", "'gateway'"].map((chain) => ({
    rows: 200_000,
    sql: `INSERT INTO audit_entries (chain, seq, at, begun_at, id, actor, actor_name, action, target, ip, user_agent, outcome, hash)
      SELECT ${chain}, 1000000 + i, ${AT}, ${AT}, ?2 || i, 'person:' || (i % 100), 'Person', 'PUT /tenants/{tenant}/budgets/{budget_id}',
        '/v1/x', '', '', 'done', '' FROM n`,
  })),
];

/** Fills D1 CONTROL as `SEEDED` says. */
export async function seedControl(tenant: string): Promise<void> {
  for (const { rows, sql } of SEEDED) {
    await control.prepare(`${SEQUENCE} ${sql}`).bind(rows, tenant).run();
  }
}
