import assert from "node:assert/strict";
import { test } from "node:test";
import { deviceWords } from "./device.ts";

test("a browser is named by what it calls itself first, and its system with it", () => {
  const windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)";
  const said: Record<string, string> = {
    [`${windows} Chrome/140.0.0.0 Safari/537.36`]: "Chrome on Windows",
    [`${windows} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0`]: "Edge on Windows",
    [`${windows} Chrome/140.0.0.0 Safari/537.36 OPR/120.0.0.0`]: "Opera on Windows",
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox on Linux",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15":
      "Safari on Mac",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1":
      "Safari on iPhone",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36":
      "Chrome on Android",
  };
  for (const [userAgent, words] of Object.entries(said)) assert.equal(deviceWords(userAgent), words);
});

test("nothing of an unknown user agent is repeated", () => {
  for (const userAgent of ["", "curl/8.0", "<script>alert(1)</script>", "x".repeat(300), "\u202eFirefox"])
    assert.equal(deviceWords(userAgent), "An unknown browser");
});
