import type { Deps } from "../../src/deps.ts";
import { GRACE_SECONDS } from "../../src/domain/moving/run-move.ts";
import type { House } from "./house.ts";

/** Lets the servers finish what moves there are, the grace after the flip included. */
export async function finishMoves(house: House): Promise<void> {
  await house.deps.mover.round();
  house.passSeconds(GRACE_SECONDS);
  await house.deps.mover.round();
}

/** Moves by the operator's API and waits until it is over. */
export async function move(house: House, path: string, body: object) {
  const begun = await house.admin("POST", path, body);
  if (begun.status !== 202) throw new Error(`POST ${path}: ${begun.status} ${JSON.stringify(begun.body)}`);
  await finishMoves(house);
  const over = await house.admin("GET", path.replace("/accounts/move", `/accounts/${begun.body.id}/move`));
  if (over.body.state !== "done") throw new Error(JSON.stringify(over.body));
  return over.body;
}

/** The same deps, which call `before` with the number of each call to a store, and `answered` with its negative when it is answered. */
export function watchingCalls(deps: Deps, before: (call: number) => Promise<void>, answered = before): Deps {
  let calls = 0;
  const watched = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(object, name, receiver) {
        const member = Reflect.get(object, name, receiver);
        if (typeof member === "object" && member !== null) return watched(member);
        if (typeof member !== "function" || ["now", "tables", "nameOf"].includes(String(name))) return member;
        return async (...args: unknown[]) => {
          const call = ++calls;
          await before(call);
          const result = await member.apply(object, args);
          await answered(-call);
          return result;
        };
      },
    });
  const regions = deps.regions.all.map((region) => ({ ...region, store: watched(region.store) }));
  return {
    ...deps,
    directory: watched(deps.directory),
    regions: {
      ...deps.regions,
      all: regions,
      find: (name) => regions.find((region) => region.name === name),
      require(name) {
        const region = regions.find((one) => one.name === name);
        if (!region) throw new Error(name);
        return region;
      },
    },
  };
}
