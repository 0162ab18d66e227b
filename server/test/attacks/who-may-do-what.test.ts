import assert from "node:assert/strict";
import { test } from "node:test";
import { auditEntry } from "../../src/domain/audit.ts";
import { may } from "../../src/domain/teams/policy.ts";
import type { PageRoute } from "../../src/http/portal/page-route.ts";
import { SIGNED_IN_PAGES } from "../../src/http/portal/routes.ts";
import { open, openPortal } from "../support/portal-scene.ts";
import { requirePage, Visitor } from "../support/visitor.ts";

type Who = "anonymous" | "another developer" | "former member" | "viewer" | "admin of another team";

/** What a request for somebody else's team or app must come to; `undefined`: the route is theirs too. */
function expected(route: PageRoute, who: Who): 303 | 403 | 404 | undefined {
  if (who === "anonymous") return 303;
  switch (route.who) {
    case "signed-in":
      return undefined;
    case "operator":
      return 404;
    case "team":
    case "app":
      if (who !== "viewer") return 404;
      return may("viewer", route.action) ? undefined : 403;
  }
}

const name = (route: PageRoute) => `${route.method} ${route.path}`;

test("every page behind the login says who may use it, by a rule that this test knows", () => {
  for (const route of SIGNED_IN_PAGES) {
    assert.match(route.path, /^\/(portal|account|operator)(\/|$)/, name(route));
    assert.equal(route.who === "app", /^\/portal\/apps\/:client(\/|$)/.test(route.path), name(route));
    assert.equal(route.who === "team", /^\/portal\/teams\/:team(\/|$)/.test(route.path), name(route));
    assert.equal(route.who === "operator", /^\/operator(\/|$)/.test(route.path), name(route));
  }
  const names = SIGNED_IN_PAGES.map(name);
  assert.equal(new Set(names).size, names.length);
});

test("nobody does by any route what is not theirs", async () => {
  const { house, visitor: owner, teamId, another, registerApp } = await openPortal();
  const { clientId } = await registerApp();
  const former = await another("admin");
  await house.deps.directory.teams.removeMember(
    teamId,
    former.accountId,
    auditEntry("test", "team.member.remove", teamId, 0),
  );
  const otherAdmin = await another();
  const front = await open(otherAdmin.visitor, "/portal/new-team");
  await otherAdmin.visitor.submit(front, { name: "Others" });
  const people: Record<Who, Visitor> = {
    anonymous: new Visitor(house),
    "another developer": (await another()).visitor,
    "former member": former.visitor,
    viewer: (await another("viewer")).visitor,
    "admin of another team": otherAdmin.visitor,
  };
  const before = JSON.stringify(await house.deps.directory.apps.find(clientId));
  for (const [who, visitor] of Object.entries(people) as [Who, Visitor][]) {
    const form = who === "anonymous" ? undefined : await open(visitor, "/portal/new-team");
    const hidden = form?.forms.find((one) => one.open.includes("name"))?.fields ?? {};
    for (const route of SIGNED_IN_PAGES) {
      const wanted = expected(route, who);
      if (wanted === undefined) continue;
      const path = route.path.replace(":client", clientId).replace(":team", teamId).replace(/:\w+/g, "1");
      const cookie = [...visitor.cookies].map(([key, value]) => `${key}=${value}`).join("; ");
      const answer = await house.fetch(path, {
        method: route.method,
        redirect: "manual",
        headers: {
          cookie,
          origin: new URL(house.config.url).origin,
          "content-type": "application/x-www-form-urlencoded",
        },
        ...(route.method === "POST" && { body: new URLSearchParams({ ...hidden, version: "1" }).toString() }),
      });
      assert.equal(answer.status, wanted, `${who}: ${name(route)}`);
      if (wanted === 303) assert.match(answer.headers.get("location") ?? "", /^\/portal\/login/, name(route));
    }
  }
  assert.equal(JSON.stringify(await house.deps.directory.apps.find(clientId)), before);
  assert.equal(requirePage(await owner.go(`/portal/apps/${clientId}`)).status, 200);
});
