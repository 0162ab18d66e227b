import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  isLoopback,
  isPrivateScheme,
  matchesRegistered,
  redirectUriProblem,
  stripAppendedParameters,
} from "./redirect-uri.ts";

const problem = (text: string) => redirectUriProblem(text, { plainHttp: false });

const ALLOWED = [
  "https://example.com",
  "https://example.com/",
  "https://example.com?tenant=1",
  "https://example.com/cb?tenant=1&codes=2",
  "https://example.com:8443/cb",
  "https://example.com/cb?",
  "https://xn--bcher-kva.example/cb",
  "https://example.com/a%20b",
  "https://127.0.0.1/cb",
  "http://localhost",
  "http://localhost:3000/cb",
  "http://127.0.0.1:8080/cb",
  "http://[::1]:8080/cb",
  "https://abcdefghijklmnopabcdefghijklmnop.chromiumapp.org/cb",
  "https://script.google.com/macros/d/AbC_123/usercallback",
  "vscode://publisher.ext/path",
  "customprotocolapp://whatever",
  "juntoscope://",
  "com.example.app:/callback",
  "msauth://com.example/cb",
];

const REFUSED: Record<string, RegExp> = {
  "": /full URI/,
  "/cb": /full URI/,
  "//example.com/cb": /full URI/,
  "example.com/cb": /full URI/,
  "localhost:3000/cb": /full URI/,
  "com.example.app:callback": /full URI/,
  "https://": /full URI/,
  "https://exa mple.com": /white space/,
  " https://example.com": /white space/,
  "https://example.com/a\tb": /white space/,
  "https://example.com/\u0000": /white space/,
  "https://example.com/\u202egnp": /white space/,
  "https://example.com/\ud800": /white space/,
  "java\nscript:alert(1)": /white space/,
  "https://example.com\\@evil.example": /Write \//,
  "https:\\\\example.com": /Write \//,
  "https://example.com/#a": /fragment/,
  "https://example.com/#": /fragment/,
  "https://*.example.com/": /Wildcards/,
  "https://example.com/*": /Wildcards/,
  "https://example.com/%zz": /percent-encoding/,
  "https://a@b": /user name/,
  "https://a:b@example.com/": /user name/,
  "https://@example.com/": /user name/,
  "myapp://user@host/": /user name/,
  "http://example.com/cb": /Use https/,
  "http://127.0.0.2/cb": /Use https/,
  "http://localhost.example/cb": /Use https/,
  "http://0.0.0.0/cb": /Use https/,
  "http://localhost:0/cb": /Ports/,
  "https://short.chromiumapp.org/": /Chrome/,
  "https://chromiumapp.org/": /Chrome/,
  "https://chromiumapp.org./": /Chrome/,
  "https://zbcdefghijklmnopabcdefghijklmnop.chromiumapp.org/": /Chrome/,
  "http://abcdefghijklmnopabcdefghijklmnop.chromiumapp.org/": /Chrome/,
  "https://example.com/?code=1": /must not have code/,
  "https://example.com/?a=1&st%61te=2": /must not have state/,
  "https://example.com/?error": /must not have error/,
  "myapp://cb?client_id=1": /must not have client_id/,
  "https://example.com/?iss=": /must not have iss/,
  "HTTPS://example.com/": /normal form: https:\/\/example\.com\/$/,
  "https://Example.com/cb": /normal form: https:\/\/example\.com\/cb$/,
  "https://example.com:443/cb": /normal form: https:\/\/example\.com\/cb$/,
  "http://localhost:80/cb": /normal form: http:\/\/localhost\/cb$/,
  "https://example.com/a/../cb": /normal form: https:\/\/example\.com\/cb$/,
  "https://example.com/../": /normal form/,
  "https://example.com/%2e%2E/cb": /normal form: https:\/\/example\.com\/cb$/,
  "https://example.com/%2e/cb": /normal form/,
  "https://example%2ecom/": /normal form: https:\/\/example\.com\/$/,
  "https://bücher.example/": /normal form: https:\/\/xn--bcher-kva\.example\/$/,
  "https://example。com/": /normal form: https:\/\/example\.com\/$/,
  "https://example.com./cb": /normal form: https:\/\/example\.com\/cb$/,
  "https://example.com.": /normal form: https:\/\/example\.com\/$/,
  "https://example.com.:8443/cb": /normal form: https:\/\/example\.com:8443\/cb$/,
  "http://127.1/cb": /normal form: http:\/\/127\.0\.0\.1\/cb$/,
  "http://2130706433/cb": /normal form: http:\/\/127\.0\.0\.1\/cb$/,
  "http://0x7f.1/cb": /normal form/,
  "http://[0:0:0:0:0:0:0:1]/cb": /normal form: http:\/\/\[::1\]\/cb$/,
  "https:example.com/cb": /full URI/,
  "https:/example.com/cb": /normal form/,
  "https:///example.com/cb": /normal form/,
  "https://example.com/ü": /normal form: https:\/\/example\.com\/%C3%BC$/,
  "MyApp://cb": /normal form: myapp:\/\/cb$/,
  "javascript:alert(1)": /javascript: is not allowed/,
  "javascript://example.com/%0aalert(1)": /javascript: is not allowed/,
  "JaVaScRiPt://example.com/%0aalert(1)": /javascript: is not allowed/,
  "data:text/html,hi": /not allowed/,
  "file:///etc/passwd": /file: is not allowed/,
  "ms-msdt:/id": /ms-msdt: is not allowed/,
  "MS-WORD:/ofe": /ms-word: is not allowed/,
  "chrome-extension://abc/": /not allowed/,
  "intent://x/": /not allowed/,
  "blob:https://example.com/1": /not allowed/,
  "ws://localhost/": /not allowed/,
};

test("https, loopback http and private schemes may be registered", () => {
  for (const uri of ALLOWED) assert.equal(problem(uri), undefined, uri);
});

test("whatever a browser would read differently, run, or read locally is refused with the reason", () => {
  for (const [uri, reason] of Object.entries(REFUSED)) assert.match(problem(uri) ?? "allowed", reason, uri);
});

test("a redirect URI is at most 2,048 characters", () => {
  const uri = `https://example.com/${"a".repeat(2_028)}`;
  assert.equal(problem(uri), undefined);
  assert.match(problem(`${uri}a`) ?? "", /2,048/);
});

test("plain http on any host needs the operator's setting, and nothing else comes with it", () => {
  assert.equal(redirectUriProblem("http://example.com/cb", { plainHttp: true }), undefined);
  assert.match(redirectUriProblem("ftp://example.com/cb", { plainHttp: true }) ?? "", /not allowed/);
  assert.match(redirectUriProblem("http://example.com./cb", { plainHttp: true }) ?? "", /normal form/);
});

test("no text whatever throws, and what is allowed is its own normal form", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.webUrl({ withQueryParameters: true }), fc.string(), fc.string({ unit: "binary" })),
      (text) => {
        if (problem(text) !== undefined) return;
        const { href } = new URL(text);
        assert.ok(href === text || href.replace(/^(https?:\/\/[^/?]*)\//, "$1") === text, text);
        assert.equal(matchesRegistered([text], text), true);
      },
    ),
  );
});

test("the normal form that a refusal offers is itself allowed", () => {
  for (const uri of Object.keys(REFUSED)) {
    const offered = /normal form: (.*)$/.exec(problem(uri) ?? "")?.[1];
    if (offered !== undefined) assert.equal(problem(offered), undefined, `${uri} -> ${offered}`);
  }
});

test("a request's redirect URI matches byte for byte", () => {
  const registered = ["https://example.com/cb", "https://example.com:8443/x", "myapp://cb"];
  for (const uri of registered) assert.equal(matchesRegistered(registered, uri), true);
  for (const uri of [
    "https://example.com/cb/",
    "https://example.com/cb?",
    "https://example.com/CB",
    "https://example.com/c%62",
    "https://example.com/cb?a=1",
    "https://example.com/cb#",
    "https://example.com:443/cb",
    "https://example.com:8444/x",
    "https://example.com.evil.example/cb",
    "https://evil.example/https://example.com/cb",
    "HTTPS://example.com/cb",
    "myapp://cb/",
    "myapp:/cb",
    "",
  ])
    assert.equal(matchesRegistered(registered, uri), false, uri);
});

test("a loopback URI matches at every port, and only the port may differ (RFC 8252 §7.3)", () => {
  const registered = ["http://127.0.0.1:3000/cb", "http://localhost/x?a=1", "http://[::1]/"];
  for (const uri of [
    "http://127.0.0.1:1/cb",
    "http://127.0.0.1:65535/cb",
    "http://127.0.0.1/cb",
    "http://localhost:51004/x?a=1",
    "http://[::1]:9/",
  ])
    assert.equal(matchesRegistered(registered, uri), true, uri);
  for (const uri of [
    "http://127.0.0.1:0/cb",
    "http://127.0.0.1:65536/cb",
    "http://127.0.0.1:080/cb",
    "http://127.0.0.1:/cb",
    "http://127.0.0.1:3000/cb/",
    "http://127.0.0.1:3000/cb?x",
    "http://localhost:3000/cb",
    "http://127.0.0.1:3000@evil.example/cb",
    "http://127.0.0.1.evil.example:3000/cb",
    "http://localhost:51004/x?a=2",
    "https://127.0.0.1:3000/cb",
    "http://[::1]:9",
    "http://127.0.0.1:3000/cb\n",
  ])
    assert.equal(matchesRegistered(registered, uri), false, uri);
});

test("only loopback http counts as loopback, only other schemes as private", () => {
  assert.equal(isLoopback("http://localhost:1/cb"), true);
  assert.equal(isLoopback("https://localhost/cb"), false);
  assert.equal(isLoopback("http://localhost.example/cb"), false);
  assert.equal(isPrivateScheme("myapp://cb"), true);
  assert.equal(isPrivateScheme("http://localhost/cb"), false);
});

test("the exchange takes away what the server appended and keeps every other byte", () => {
  const stripped: Record<string, string> = {
    "https://a.example/cb": "https://a.example/cb",
    "https://a.example/cb?code=1&state=x&client_id=y&iss=z": "https://a.example/cb",
    "https://a.example/cb?t=1&code=1&state=": "https://a.example/cb?t=1",
    "https://a.example/cb?code=1&t=%20+&u": "https://a.example/cb?t=%20+&u",
    "https://a.example/cb?codes=1&xstate=2": "https://a.example/cb?codes=1&xstate=2",
    "https://a.example/cb?": "https://a.example/cb",
    "https://a.example/cb?code": "https://a.example/cb",
    "https://a.example/cb?error=1": "https://a.example/cb?error=1",
    "myapp://cb?code=a?b": "myapp://cb",
  };
  for (const [uri, rest] of Object.entries(stripped)) assert.equal(stripAppendedParameters(uri), rest, uri);
});

test("whatever the server appends in whatever order is taken away again", () => {
  const appended = fc.subarray(["code=1", "state=a%3Db", "client_id=c", "iss=https%3A%2F%2Fx"], { minLength: 1 });
  fc.assert(
    fc.property(
      fc.constantFrom("https://a.example/cb", "myapp://cb?x=1", "http://localhost/?a&b=%3d"),
      appended,
      (uri, pairs) => {
        const returned = uri + (uri.includes("?") ? "&" : "?") + pairs.join("&");
        assert.equal(stripAppendedParameters(returned), uri);
        assert.equal(stripAppendedParameters(uri), uri);
      },
    ),
  );
});
