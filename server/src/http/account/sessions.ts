import {
  type Ended,
  endAllSessions,
  endOtherSessions,
  endOwnSession,
  findOwnSessions,
} from "../../domain/accounts/own-sessions.ts";
import { deviceWords } from "../../pages/account/device.ts";
import { sessionsPage } from "../../pages/account/sessions.ts";
import type { HttpContext } from "../context.ts";
import { clearCookie, readCookie } from "../cookies.ts";
import type { PageRoute, Scene } from "../portal/page-route.ts";
import { closeSession } from "../portal/session.ts";
import { type Done, doneAt, noticeOf } from "./done.ts";

const PATH = "/account/sessions";

/** Where one is signed in, and signing out there. */
export const sessionPages: readonly PageRoute[] = [
  {
    method: "GET",
    path: PATH,
    who: "signed-in",
    async handle(c, scene) {
      const { deps, visitor, hidden } = scene;
      const found = await findOwnSessions(deps, visitor, sessionCookie(c, scene));
      return c.html(
        sessionsPage({
          visitor,
          notice: noticeOf(c),
          home: visitor.region,
          sessions: found?.map(({ sessionId, userAgent, ...session }) => ({
            ...session,
            device: deviceWords(userAgent),
            endForm: session.current ? undefined : { action: `${PATH}/end`, hidden: { ...hidden, session: sessionId } },
          })),
          othersForm: { action: `${PATH}/end-others`, hidden },
          everywhereForm: { action: `${PATH}/end-all`, hidden },
        }),
      );
    },
  },
  {
    method: "POST",
    path: `${PATH}/end`,
    who: "signed-in",
    async handle(c, { deps, visitor, form }) {
      return back(c, await endOwnSession(deps, visitor, form.text("session") ?? ""), "session");
    },
  },
  {
    method: "POST",
    path: `${PATH}/end-others`,
    who: "signed-in",
    async handle(c, scene) {
      return back(c, await endOtherSessions(scene.deps, scene.visitor, sessionCookie(c, scene)), "others");
    },
  },
  {
    method: "POST",
    path: `${PATH}/end-all`,
    who: "signed-in",
    async handle(c, { deps, visitor }) {
      await endAllSessions(deps, visitor);
      await closeSession(c, deps);
      clearCookie(c, deps.config, "session");
      return c.redirect("/logged-out", 303);
    },
  },
];

const sessionCookie = (c: HttpContext, { deps }: Scene) => readCookie(c, deps.config, "session");

const back = (c: HttpContext, { unavailableRegions }: Ended, done: Done) =>
  c.redirect(doneAt(PATH, unavailableRegions.length === 0 ? done : "sessions-partly"), 303);
