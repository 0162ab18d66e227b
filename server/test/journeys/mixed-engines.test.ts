import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openHouse } from "../support/house.ts";
import { move } from "../support/moves.ts";
import { startPostgres } from "../support/postgres.ts";
import { isActive } from "../support/scene.ts";
import { obtainToken, worldOf } from "../support/world.ts";

/** One house on both engines: whatever crosses from one database to another crosses engines. */

const postgres = await startPostgres();
after(() => postgres.stop());

const MIXTURES = {
  "an embedded directory and region beside a region on PostgreSQL": async () => ({
    LATCHKEY_REGIONS: `US,EU=${await postgres.createDatabase()}`,
  }),
  "a directory and region on PostgreSQL beside an embedded region": async () => ({
    LATCHKEY_DIRECTORY: await postgres.createDatabase(),
    LATCHKEY_REGIONS: `US=${await postgres.createDatabase()},EU`,
  }),
};

for (const [mixture, settings] of Object.entries(MIXTURES))
  test(`people of both regions log in, and move from one engine to the other and back: ${mixture}`, async () => {
    const house = await openHouse({ settings: await settings() });
    const world = worldOf(house);
    const app = await world.registerApp();
    for (const home of ["US", "EU"] as const) {
      const user = await world.addUser(await world.addInstallation(home));
      const grant = await obtainToken(house, app, user);
      assert.equal(grant.installation.region, home);
      const away = home === "US" ? "EU" : "US";
      let at: "US" | "EU" = home;
      for (const to of [away, home] as const) {
        const path = `/regions/${at}/installations/${user.installation.id}/move`;
        assert.ok((await move(house, path, { to })).copiedRows > 3);
        at = to;
        const account = await move(house, "/accounts/move", { email: user.email, to });
        assert.ok(account.copiedRows > 0);
        assert.ok(await isActive(house, grant.access_token));
        const again = await obtainToken(house, app, { ...user, installation: { ...user.installation, region: to } });
        assert.deepEqual([again.installation.region, again.user], [to, grant.user]);
      }
    }
  });
