import type { FailingPlace } from "./failing-places.ts";
import { type House, openHouse } from "./house.ts";
import { worldOf } from "./world.ts";

/** A house on databases that can be lost, with somebody in each region, somebody in both, and an app they log in to. */
export async function openFailingWorld(place: FailingPlace) {
  const house = await openHouse(place.options);
  const world = worldOf(house);
  const [us, eu] = [await world.addInstallation("US"), await world.addInstallation("EU")];
  const [american, european] = [await world.addUser(us), await world.addUser(eu)];
  const both = await world.addUser(us);
  await world.addUser(eu, { email: both.email });
  const app = await world.registerApp({ trusted: true });
  return { place, house, world, american, european, both, app, us, eu };
}

interface Readiness {
  status: number;
  body: { directory: string; regions: { name: string; state: string }[] };
}

/** What the house says of itself and its databases. */
export async function readinessOf(house: House): Promise<Readiness> {
  const answer = await house.fetch("/health/ready");
  return { status: answer.status, body: (await answer.json()) as Readiness["body"] };
}

/** `up`, `down` … as the house sees it. */
export const stateOfRegion = async (house: House, name: string): Promise<string | undefined> =>
  (await readinessOf(house)).body.regions.find((region) => region.name === name)?.state;
