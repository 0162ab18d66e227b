import { addOperator, removeOperator } from "../../src/domain/portal/operators.ts";
import type { HouseOptions } from "./house.ts";
import { openPortal } from "./portal-scene.ts";
import { Visitor } from "./visitor.ts";
import { signIn } from "./world.ts";

/** A developer with a team, and an operator who is signed in. */
export async function openOperator(options: HouseOptions = {}) {
  const portal = await openPortal(options);
  const { house, world, installation } = portal;
  const user = await world.addUser(installation, { firstName: "Olga", lastName: "Petrov" });
  await addOperator(house.deps, user.email, "test");
  const operator = new Visitor(house);
  await signIn(operator, "/operator", user);
  const account = await house.deps.regions.require("US").store.accounts.findByEmailKey(user.email);
  return {
    ...portal,
    operator,
    operatorUser: user,
    actor: `account:${account?.accountId}`,
    dismiss: () => removeOperator(house.deps, user.email, "test"),
  };
}
