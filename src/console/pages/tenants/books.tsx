import type { Context } from "hono";
import type { z } from "@hono/zod-openapi";
import type { ConsoleEnv } from "../../console-env.ts";
import type { AuditJobSchema, AuditSchema } from "../../../management/audit-shape.ts";
import { showMoney } from "../../show-money.ts";
import { Form } from "../../view/form.tsx";
import { Notice } from "../../view/parts.tsx";

type Report = z.infer<typeof AuditSchema>;
type Job = z.infer<typeof AuditJobSchema>;

/** What an audit answered: what it found, or that it goes on. */
export type Audited = Report | Job;

/** The ledger's own audit: balances made anew from the journal, and compared. */
export const Books = ({ c, tenant, audited }: { c: Context<ConsoleEnv>; tenant: string; audited: Audited | null }) => (
  <>
    <p class="muted">
      Every balance can be made anew from the journal, whose entries are chained by their hashes. This compares both,
      and changes nothing.
    </p>
    {audited && <Found tenant={tenant} audited={audited} />}
    <Form action={`/console/tenants/${tenant}/audit`} csrf={c.get("session").csrf} class="inline">
      <button class="quiet">Check since the last time</button>
      <button class="quiet" name="full" value="true">
        Check from the first entry
      </button>
    </Form>
  </>
);

const Found = ({ tenant, audited }: { tenant: string; audited: Audited }) => {
  if (!("status" in audited)) return <Report of={audited} />;
  if (audited.result !== null) return <Report of={audited.result} />;
  if (audited.status === "failed") {
    return (
      <Notice tone="bad">
        <p>The check could not go on: {audited.message}</p>
      </Notice>
    );
  }
  return (
    <Notice>
      <p>
        The check is at entry {audited.seq} of {audited.target_seq}.{" "}
        <a href={`/console/tenants/${tenant}?audit=${audited.id}#books`}>Look again</a>
      </p>
    </Notice>
  );
};

const Report = ({ of: { consistent, captured, held, entries, verified_to_seq, differences } }: { of: Report }) =>
  consistent ? (
    <Notice tone="good">
      <p>
        The books are right up to entry {verified_to_seq}: {showMoney(captured)} captured, {showMoney(held)} held.{" "}
        {entries === 1 ? "1 entry was" : `${entries} entries were`} replayed.
      </p>
    </Notice>
  ) : (
    <Notice tone="bad">
      <p>The balances are not what the journal says:</p>
      <ul>
        {differences.map((difference) => (
          <li>{difference}</li>
        ))}
      </ul>
    </Notice>
  );
