import assert from "node:assert/strict";
import { test } from "node:test";
import { appReviewedMail } from "./app-reviewed.ts";
import { invitationMail } from "./invitation.ts";
import { newGrantMail } from "./new-grant.ts";
import { passwordChangedMail } from "./password-changed.ts";
import { passwordResetMail } from "./password-reset.ts";
import { reviewAskedMail } from "./review-asked.ts";

const href = "https://login.example.com/login/link?token=US.abc&kind=invitation";

test("each mail carries its link whole in the text, and escaped in the HTML", () => {
  for (const mail of [
    invitationMail({ installationName: "Acme", href, days: 7 }),
    passwordResetMail({ href, minutes: 60 }),
    passwordChangedMail({ at: 1_775_986_267, forgotHref: href }),
    newGrantMail({ appName: "Planner", installationName: "Acme", scopes: ["Read"], at: 1_775_986_267, appsHref: href }),
    appReviewedMail({ appName: "Planner", event: "approved", href }),
    reviewAskedMail({ appName: "Planner", event: "submitted", href }),
  ]) {
    assert.ok(mail.text.split("\n").includes(href));
    assert.ok(mail.html.includes(`href="${href.replace("&", "&amp;")}"`));
  }
});

test("a mail says how long its link works", () => {
  assert.match(invitationMail({ installationName: "Acme", href, days: 7 }).text, /once, for 7 days/);
  assert.match(invitationMail({ installationName: "Acme", href, days: 1 }).text, /once, for one day/);
  assert.match(passwordResetMail({ href, minutes: 60 }).text, /once, for 60 minutes/);
});

test("a name can neither add a header nor a tag to a mail, nor turn its text around", () => {
  const mail = invitationMail({ installationName: "Evil\r\nBcc: all@example.com\u202e <b>x</b>\u2028", href, days: 7 });
  assert.doesNotMatch(mail.subject, /[\p{Cc}\u2028\u202e]/u);
  assert.doesNotMatch(mail.html, /<b>/);
  assert.doesNotMatch(mail.text, /\u202e|\r|^Bcc/m);
});

test("a mail loads nothing and runs nothing", () => {
  const { html } = invitationMail({ installationName: "Acme", href, days: 7 });
  assert.doesNotMatch(html, /<(img|script|link|iframe)|url\(|\son\w+=/i);
});

test("a mail whose link is no whole, safe address is not made", () => {
  for (const address of ["javascript:alert(1)", "/login/link", "http://example.com/", "//evil.example"])
    assert.throws(() => passwordResetMail({ href: address, minutes: 5 }), address);
});

test("the mail about a change says when it was, in UTC", () => {
  assert.match(passwordChangedMail({ at: 0, forgotHref: href }).text, /1970-01-01 at 00:00 UTC/);
});

test("the mail about a new grant says which app may do what, where, and adds no header for either name", () => {
  const evil = "Evil\r\nBcc: all@example.com\u202e <b>x</b>";
  const grant = { appName: evil, installationName: evil, at: 0, appsHref: href };
  const mail = newGrantMail({ ...grant, scopes: ["Read projects", evil] });
  assert.match(mail.text, /• Read projects/);
  assert.doesNotMatch(mail.subject, /[\p{Cc}\u2028\u202e]/u);
  assert.doesNotMatch(mail.html, /<b>/);
  assert.doesNotMatch(mail.text, /\u202e|\r|^Bcc/m);
  assert.match(newGrantMail({ ...grant, scopes: [] }).text, /It knows who you are\./);
});

test("mails about a review say which app and what was decided or asked, and add no header for its name", () => {
  const appName = "Evil\r\nBcc: all@example.com\u202e <b>x</b>";
  const decided = ["approved", "changes_requested", "suspended", "resumed", "scopes_granted", "scopes_declined"];
  const mails = [
    ...decided.map((event) => appReviewedMail({ appName, event, href })),
    ...["submitted", "scopes_asked"].map((event) => reviewAskedMail({ appName, event, href })),
  ];
  for (const mail of mails) {
    assert.doesNotMatch(mail.subject, /[\p{Cc}\u2028\u202e]/u);
    assert.doesNotMatch(mail.html, /<b>/);
  }
  assert.equal(new Set(mails.map(({ subject }) => subject)).size, mails.length);
});
