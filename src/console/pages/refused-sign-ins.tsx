import type { z } from "@hono/zod-openapi";
import { callApi } from "../api.ts";
import { listQuery, type List } from "../api-path.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { RefusedSignInsSchema } from "../../management/list-refused-sign-ins.ts";
import { Page } from "../view/page.tsx";
import { Empty, Pager, Time } from "../view/parts.tsx";
import { refused } from "../view/refused.tsx";
import { Table } from "../view/table.tsx";

type Row = z.infer<typeof RefusedSignInsSchema>;

const WAYS = { link: "Sign-in link", mail: "Link by mail", passkey: "Passkey", access: "Cloudflare Access" };

/** What the API's words mean. */
const WHY: Readonly<Record<string, string>> = {
  throttled: "too many tries",
  unknown: "no link of this gateway",
  used: "the link was used already",
  revoked: "the link was taken back",
  expired: "the link has expired",
  disabled: "the person is disabled",
  operator_exists: "there is an operator already",
  sign_in_first: "an invitation of somebody who must sign in first",
  too_many_places: "a place in too many tenants",
  not_known: "no passkey that signs anybody in",
  not_genuine: "no token of Cloudflare Access",
  no_person: "nobody has this e-mail",
};

const Refused = ({ rows }: { rows: readonly Row[] }) =>
  rows.length === 0 ? (
    <Empty title="Nobody was refused in the last 7 days" />
  ) : (
    <Table heads={["Hour (UTC)", "Address", "By", "Why", "Tries#", "Last (UTC)"]}>
      {rows.map((row) => (
        <tr>
          <th scope="row">
            <Time at={row.hour} />
          </th>
          <td class="nowrap">{row.source ?? <span class="muted">further addresses</span>}</td>
          <td>{WAYS[row.way]}</td>
          <td>{WHY[row.reason] ?? row.reason}</td>
          <td class="num">{row.tries}</td>
          <td>
            <Time at={row.last_at} />
          </td>
        </tr>
      ))}
    </Table>
  );

/** Who tried to sign in and was not let in, for operators. */
export const refusedSignInsPage = (app: ConsoleApp): void => {
  app.get("/console/people/refused-sign-ins", async (c) => {
    const list = await callApi<List<Row>>(c, "GET", `/v1/refused-sign-ins${listQuery(c)}`);
    if (!list.ok) return refused(c, "Refused sign-ins", list);
    return c.html(
      <Page c={c} title="Refused sign-ins" lead="Counted by hour and address, for 7 days, to 1,000 a row.">
        <article>
          <Refused rows={list.value.data} />
          <Pager url={new URL(c.req.url)} cursor={list.value.next_cursor} />
        </article>
        <p>
          <a href="/console/people">Everybody who may sign in</a>
        </p>
      </Page>,
    );
  });
};
