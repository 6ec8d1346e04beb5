import { drive } from "./drive.ts";
import type { FloorAccount } from "./floor-account.ts";
import type { FloorRequest, Round, RoundResult } from "./protocol.ts";

export { FloorAccount } from "./floor-account.ts";

interface Env {
  FLOOR: DurableObjectNamespace<FloorAccount>;
}

const AMOUNT_MICROS = 1_300_000;

/** The floor's Worker: the same driver as the ledger's, in front of one bare object. */
export default {
  async fetch(request, env): Promise<Response> {
    const account = env.FLOOR.getByName("floor");
    return Response.json((await answer(account, await request.json<FloorRequest>())) ?? null);
  },
} satisfies ExportedHandler<Env>;

function answer(account: DurableObjectStub<FloorAccount>, asked: FloorRequest): Promise<unknown> {
  switch (asked.op) {
    case "prepare":
      return account.prepare();
    case "round":
      return round(account, asked.round);
    case "clear":
      return account.clear();
    case "count":
      return account.count(asked.kind, AMOUNT_MICROS);
  }
}

const round = (account: DurableObjectStub<FloorAccount>, asked: Round): Promise<RoundResult> =>
  drive(asked, async () => {
    if (asked.kind === "reserve") {
      if ((await account.reserve(AMOUNT_MICROS)) === null) throw new Error("the floor refused");
      return;
    }
    const id = await account.reserveRows(AMOUNT_MICROS);
    if (id === null) throw new Error("the floor refused");
    await account.settleRows(id, AMOUNT_MICROS);
  });
