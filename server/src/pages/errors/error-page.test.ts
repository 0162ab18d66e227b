import assert from "node:assert/strict";
import { test } from "node:test";
import { errorPage } from "./error-page.ts";
import * as words from "./words.ts";

const page = (what: words.ErrorWords) =>
  errorPage({ ...what, reference: "01JD3V6M9X2K", time: "2026-04-12T09:31:07.000Z" });

test("an error page gives what to quote when asking for help: a reference and the time", () => {
  const html = page(words.unexpected());
  assert.match(html, /<code id="reference">01JD3V6M9X2K<\/code>/);
  assert.match(html, /<time datetime="2026-04-12T09:31:07.000Z">2026-04-12 09:31:07 UTC<\/time>/);
});

test("an unregistered redirect URI is shown beside the nearest registered one, with the difference marked", () => {
  const html = page(
    words.redirectUriNotRegistered("http://app.example/cb", ["https://other.example/x", "https://app.example/cb"]),
  );
  assert.match(html, /<code>http:\/\/app\.example\/cb<\/code>/);
  assert.match(html, /<code>http<mark>s<\/mark>:\/\/app\.example\/cb<\/code>/);
  assert.match(html, /http was sent, https is registered/);
  assert.doesNotMatch(html, /other\.example/);
});

test("a received redirect URI is shown and never linked to", () => {
  const html = page(words.redirectUriNotRegistered("javascript:alert(1)//\u202e", ["https://app.example/cb"]));
  assert.match(html, /\\u\{202e\}/);
  assert.doesNotMatch(html, /href="javascript/);
});

test("an app without redirect URIs is told that it has none", () => {
  assert.match(page(words.redirectUriNotRegistered("https://app.example/cb", [])), /None is registered yet/);
});

test("what only a developer can use is set apart, and absent where there is nothing of it", () => {
  assert.match(page(words.missingClientId()), /If you develop this app/);
  for (const what of [words.cookiesBlocked(), words.tooManyTries(1), words.notFound(), words.unexpected()])
    assert.doesNotMatch(page(what), /If you develop this app/);
});

test("headlines name no code and blame nobody", () => {
  for (const say of [
    words.unknownClient("x"),
    words.missingRedirectUri(),
    words.stateTooLong(9000),
    words.foreignForm(),
  ])
    assert.doesNotMatch(say.title, /client_id|redirect_uri|[45]\d\d|invalid|you did/i);
});

test("too many tries says how long to wait", () => {
  assert.match(page(words.tooManyTries(12)), /in 12 minutes/);
  assert.match(page(words.tooManyTries(1)), /in a minute/);
});
